"""Search, home and entity pages: the read side of the catalogue."""
