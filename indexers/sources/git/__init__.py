"""Git repositories: read from a bare mirror of our own, through one wrapper, never checked out."""
