"""`python -m wenze` is the command `wenze`."""

from wenze.cli.main import main

main()
