"""Commands that need no hub, one module a command."""
