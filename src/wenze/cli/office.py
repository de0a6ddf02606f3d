"""The commands of the office: `wenze serve | migrate`. Loads Django only when one of them runs.

`register(app)` puts them into the program. What stands in the way exits 1; wrong usage exits 2.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from wenze.web.site import Site

Verbose = Annotated[bool, typer.Option("--verbose", help="逐项显示 · name each change")]


def register(app: typer.Typer) -> None:
    """Puts the commands into the program."""
    app.command("migrate")(migrate_command)
    app.command("serve")(serve_command)


def migrate_command(verbose: Verbose = False) -> None:
    """建立或升级数据库 · Make the database, or bring it up to this version."""
    with office() as site:
        from django.core.management import call_command

        call_command("migrate", verbosity=2 if verbose else 0, interactive=False)
        from wenze.web.journal.keys import prepare

        prepare()
        print(f"数据 · data: {site.data}\n密钥 · keys: {site.keys}")


def serve_command(
    host: Annotated[str, typer.Option("--host", help="地址 · address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="端口 · port", min=1, max=65535)] = 8000,
    threads: Annotated[int, typer.Option("--threads", help="同时处理的请求数 · requests at a time", min=1)] = 8,
) -> None:
    """启动 · Serve the office."""
    with office():
        from wenze.web.serving import serve

        print(f"http://{host}:{port}/", flush=True)
        serve(host, port, threads)


@contextmanager
def office() -> Iterator[Site]:
    """Django set up over an installation that has its folders and keys; what stands in the way is said in one line."""
    try:
        import django
    except ModuleNotFoundError:
        _fail(
            "未安装办案系统所需的软件包,请运行: · The packages of the office are not installed; run: pip install 'wenze[web]'"
        )
    from django.core.exceptions import ImproperlyConfigured
    from django.db import Error

    from wenze.web.site import SiteProblem, site_of

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wenze.web.settings")
    try:
        site = site_of()
        site.begin()
        django.setup()
        yield site
    except (SiteProblem, ImproperlyConfigured) as problem:
        _fail(str(problem))
    except Error as error:
        _fail(f"数据库无法使用 · the database cannot be used: {error}".strip())
    except OSError as error:
        _fail(f"{error.filename or ''}: {error.strerror or error}")


def _fail(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(1)
