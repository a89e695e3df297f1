"""The stores behind the port, and the one that this hub uses."""
