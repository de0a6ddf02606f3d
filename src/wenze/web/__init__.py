"""The office on the web: what an organ runs. Django lives here and nowhere else.

From the bottom up: what every part stands on (`site`, `sealing`, `access`), the record (`journal`), units, posts and staff
(`offices`), cases (`cases`), the gate every request passes, settings and the start of the server.
"""
