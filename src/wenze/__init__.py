"""Accountability law, determined exactly and explained. The doors are `wenze.law` and the command `wenze`."""

__version__ = "0.1.0"
