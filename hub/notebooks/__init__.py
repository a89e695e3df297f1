"""Notebooks: cells, outputs and their rendering, history, environment."""
