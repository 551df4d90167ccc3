"""`python -m plainview` is the `plainview` command."""

from plainview.cli import main

main()
