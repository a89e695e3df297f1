"""Sources, one module or package a kind. Importing this package registers them."""
