"""The words of the catalogue: kinds, relations and facets, each named as the field names it."""
