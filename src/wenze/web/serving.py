"""Serves the application: one process, several threads, by granian. Writes no line about a request."""

from __future__ import annotations

import subprocess
import sys

from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

_BETWEEN_TICKS = 60  # seconds; where nothing ran out nothing is told, where nothing was recorded nothing is signed


def is_behind() -> bool:
    """Whether the database lacks what this version needs."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def serve(host: str, port: int, threads: int) -> None:
    """Until it is told to stop."""
    connections.close_all()  # none is carried into the process that serves
    server = Server(
        "wenze.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=threads,
        log_access=False,
        log_level=LogLevels.error,
    )
    clock = subprocess.Popen([sys.executable, "-m", "wenze.web.ticking", str(_BETWEEN_TICKS)])
    try:
        server.serve()
    finally:
        clock.terminate()
        clock.wait()
