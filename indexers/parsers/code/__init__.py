"""Source files to definitions, imports, calls and the data they name. One module a language."""
