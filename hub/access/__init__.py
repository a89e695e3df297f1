"""Who may do what: tokens of the asker, the policy table of routes."""
