"""`python -m surefoot` is the command line."""

from surefoot.cli import main

main()
