"""People, teams and their spaces, sign-in and API tokens."""
