"""The graph: a projection of the catalogue's nodes and edges that answers questions of lineage."""
