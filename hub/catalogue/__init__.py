"""The truth: entities, aliases, facets, edges, versions and the change log. Only its services write."""
