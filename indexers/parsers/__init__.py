"""Bytes to structure, one parser a format. Nothing that is read is run."""
