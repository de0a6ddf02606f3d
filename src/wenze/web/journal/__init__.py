"""The record of the office: entries in its own database, in the same transaction as the step that they tell of.

Others enter by `writer`, `reader` and `checkpoints`, and pass strings and plain JSON; knows no case, no person, no page.
"""
