"""A determination, and a law, as web pages that need nothing else: no script to be read, no remote asset, two languages.

Hides how they look in HTML. Lays out what `wenze.law` says; decides nothing, reads no clock, writes no file but the site's.
"""

from wenze.page.determination import determination_page
from wenze.page.site import write_site

__all__ = ["determination_page", "write_site"]
