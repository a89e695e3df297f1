"""Files as any source finds them, in a repository or a folder: what they are, and the facts of them."""
