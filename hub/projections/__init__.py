"""Stores derived from the catalogue: each follows the change log with a cursor of its own."""
