"""A determination, and a law, as web pages that need nothing else: no script to be read, no remote asset, two languages in one file.

Hides how they look in HTML. Lays out what `wenze.law` says; decides nothing, reads no clock, writes no file but the site's.
"""

from wenze.page.determination import determination_page


__all__ = ["determination_page"]
