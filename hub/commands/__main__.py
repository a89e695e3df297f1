"""`python -m hub.commands NAME`: how the server starts its worker."""

from boxwood.cli import main

main()
