"""A determination, a law, and the picture of a procedure, as web pages that need nothing else: no script to be read, no remote asset, two languages.

Hides how they look in HTML. Lays out what `wenze.law` says; decides nothing, reads no clock, writes no file but the site's.
"""

from wenze.page.determination import determination_page
from wenze.page.site import write_site
from wenze.page.steps import procedure_graph

__all__ = ["determination_page", "procedure_graph", "write_site"]
