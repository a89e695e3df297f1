"""Sources, their crawls, and the way from facts into the catalogue."""
