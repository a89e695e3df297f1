"""What every app may use: errors, configuration, clock, ids. A closed list; it imports no other app."""
