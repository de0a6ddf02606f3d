"""The commands of the office: `wenze serve | migrate | user … | offices … | tick | backup | restore`. Loads Django only when one runs.

`register(app)` puts them into the program. What stands in the way exits 1; wrong usage exits 2.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import segno
import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from wenze.web.offices.models import User
    from wenze.web.site import Site

Verbose = Annotated[bool, typer.Option("--verbose", help="逐项显示 · name each change")]


NewPassword = Annotated[
    str | None,
    typer.Option(envvar="WENZE_NEW_PASSWORD", help="口令,不给则询问 · asked for if not given", show_default=False),
]
Username = Annotated[str, typer.Argument(help="登录名 · user name")]

user_app = typer.Typer(no_args_is_help=True, help="用户 · who logs in")
offices_app = typer.Typer(no_args_is_help=True, help="机构 · units, posts and who holds them")


def register(app: typer.Typer) -> None:
    """Puts the commands into the program."""
    app.command("migrate")(migrate_command)
    app.command("serve")(serve_command)
    app.command("tick")(tick_command)
    app.command("backup")(backup_command)
    app.command("restore")(restore_command)
    app.add_typer(user_app, name="user")
    app.add_typer(offices_app, name="offices")


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
    sample: Annotated[
        bool, typer.Option("--sample", help="虚构的地方,在当前目录的 wenze-sample 中 · a fictional prefecture")
    ] = False,
) -> None:
    """启动 · Serve the office."""
    if sample:
        _into_sample(host)
    with office() as site:
        from wenze.web.serving import is_behind, serve

        site.refuse_others_on_a_sample(host)
        if sample:
            from wenze.web.sample import fill

            print(f"正在准备示例…… · preparing the sample in {site.data.parent} …", flush=True)
            fill(site, on=date.today())
        if is_behind():
            _fail(
                "数据库还没有升级到这个版本,请先运行: · The database is not yet of this version; first run: wenze migrate"
            )
        port = _free(host, port, search=sample)
        print(f"http://{f'[{host}]' if ':' in host else host}:{port}/", flush=True)
        if sample:
            _show_log_ins()
        serve(host, port, threads)


def tick_command() -> None:
    """时钟走一步 · What runs by itself, once: clocks, checkpoints. Harmless to repeat."""
    with office():
        from wenze.web.ticking import tick

        for line in tick(at=datetime.now(UTC)):
            print(line)


def backup_command(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="备份文件 · the file to write, not among the data")],
) -> None:
    """备份 · Write everything but the keys into one file, while others work."""
    with office():
        from wenze.web.backup import back_up

        manifest = back_up(target, at=datetime.now(UTC))
        print(f"{target}: {len(manifest['parts'])} 个部分 · parts")


def restore_command(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="备份文件 · a file that backup wrote")],
    reason: Annotated[str, typer.Option("--reason", help="原因,记入存证 · why; it stands in the record")],
) -> None:
    """恢复 · Put a backup into an installation without data; the record says so."""
    with office():
        from wenze.web.backup import note_restored, restore

        manifest = restore(source)
        note_restored(manifest, reason, at=datetime.now(UTC))
        print(f"已恢复 {manifest['at']} 的备份 · restored the backup of {manifest['at']}")


@offices_app.command("load")
def load_command(
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="机构人员文件 · units, posts, holders and staff as JSON")
    ],
) -> None:
    """登记机构、职务、人员 · Enter units, posts, holders and staff; what is there already stays."""
    with office():
        from wenze.web.offices.directory import load

        passwords: dict[str, str] = {}
        addresses = load(
            _json(path), passwords=lambda name: passwords.setdefault(name, secrets.token_urlsafe(15)), on=date.today()
        )
        for name, address in addresses.items():
            print(f"{name}\t{passwords[name]}\t{address}")


@user_app.command("add")
def add_user_command(
    username: Annotated[str, typer.Argument(help="登录名 · to log in with")],
    name: Annotated[str, typer.Option("--name", help="姓名 · name")],
    unit: Annotated[str, typer.Option("--unit", help="单位代码 · code of the unit")],
    role: Annotated[list[str], typer.Option("--role", help="角色,可重复 · a role, repeatable: intake, handler …")],
    official: Annotated[
        str | None, typer.Option("--official", help="本人的人员代码 · code, if an official here", show_default=False)
    ] = None,
    password: NewPassword = None,
) -> None:
    """增加用户 · Add a staff user; prints once what an authenticator reads."""
    with office():
        from wenze.web.offices.directory import load

        said = {"username": username, "name": name, "unit": unit, "roles": role, "official": official}
        chosen = password or typer.prompt("口令 · password", hide_input=True, confirmation_prompt=True)
        addresses = load({"users": [said]}, passwords=lambda _: chosen, on=date.today())
        if username not in addresses:
            _fail(f"{username}: 已有这个登录名 · there is such a user already")
        _show_secret(addresses[username])


@user_app.command("renew")
def renew_user_command(username: Username, password: NewPassword = None) -> None:
    """换口令和身份验证器 · Another password and authenticator, where one was lost."""
    with office():
        from wenze.web.offices.register import renew

        chosen = password or typer.prompt("口令 · password", hide_input=True, confirmation_prompt=True)
        _show_secret(renew(_user(username), chosen, by=None))


@user_app.command("grant")
def grant_command(username: Username, role: Annotated[str, typer.Argument(help="角色 · role")]) -> None:
    """授予角色 · Give a role from today."""
    with office():
        from wenze.web.offices.register import grant, role_named

        grant(_user(username), role_named(role), date.today(), by=None)


@user_app.command("revoke")
def revoke_command(username: Username, role: Annotated[str, typer.Argument(help="角色 · role")]) -> None:
    """收回角色 · End a role today."""
    with office():
        from wenze.web.offices.register import revoke, role_named

        revoke(_user(username), role_named(role), date.today(), by=None)


@user_app.command("out")
def out_command(username: Username) -> None:
    """停用 · The user cannot log in any more, from now on."""
    with office():
        from wenze.web.offices.register import put_out

        put_out(_user(username), by=None)


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
        with _told():
            yield site
    except (SiteProblem, ImproperlyConfigured) as problem:
        _fail(str(problem))
    except Error as error:
        _fail(f"数据库无法使用 · the database cannot be used: {error}".strip())
    except OSError as error:
        _fail(f"{error.filename or ''}: {error.strerror or error}")


@contextmanager
def _told() -> Iterator[None]:
    """What the office refuses, as its sentence alone. Only once Django is set up can these be named."""
    from wenze.ledger import KeyProblem, RecordProblem
    from wenze.web.backup import BackupProblem
    from wenze.web.offices.register import Unfit

    try:
        yield
    except (BackupProblem, KeyProblem, RecordProblem, Unfit) as problem:
        _fail(str(problem))


def _into_sample(host: str) -> None:
    """The environment of the sample, whatever office the machine has besides."""
    from wenze.web.site import is_loopback

    if not is_loopback(host):
        _usage(f"--sample 只能在本机地址上 · --sample runs on a loopback address only, not on {host}")
    folder = Path.cwd() / "wenze-sample"
    os.environ |= {
        "WENZE_DATA": str(folder / "data"),
        "WENZE_KEYS": str(folder / "keys"),
        "DATABASE_URL": "",
        "WENZE_HOSTS": "",
    }


def _free(host: str, port: int, *, search: bool) -> int:
    """The port, if nobody listens there; another one where any will do."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if not search or error.errno != errno.EADDRINUSE:
                _fail(f"{host}:{port}: {error.strerror}")
            probe.bind((host, 0))
        found: int = probe.getsockname()[1]
    return found


def _show_log_ins() -> None:
    """Once now, and again whenever Enter is pressed: codes change every half minute."""
    from django.utils import timezone

    from wenze.web.sample import PASSWORD, log_ins

    def show() -> None:
        table = Table("登录名 · user", "姓名", "单位", "角色 · roles", "动态口令 · code", box=None, pad_edge=False)
        for each in log_ins(at=timezone.localtime()):
            table.add_row(each.username, each.name, each.unit, ", ".join(each.roles), each.code)
        console = Console()
        console.print(f"口令 · password: [b]{PASSWORD}[/b]   (虚构人物 · fictional people)", highlight=False)
        console.print(table, highlight=False)
        console.print("按回车显示新的动态口令,Ctrl+C 停止 · Enter shows new codes, Ctrl+C stops", highlight=False)

    def again() -> None:
        for _ in sys.stdin:
            show()

    show()
    if sys.stdin and sys.stdin.isatty():
        threading.Thread(target=again, daemon=True).start()


def _user(username: str) -> User:
    from wenze.web.offices.models import User

    found = User.objects.filter(username=username).first()
    return found or _fail(f"{username}: 没有这个用户 · there is no such user")


def _json(path: Path) -> dict[str, Any]:  # Any: JSON; the reader refuses what does not fit
    try:
        said = json.loads(path.read_bytes())
    except ValueError as error:
        _fail(f"{path}: 不是 JSON · not JSON ({error})")
    return said if isinstance(said, dict) else _fail(f"{path}: 应为一组键和值 · keys and values are expected")


def _show_secret(address: str) -> None:
    """Shown once. Who reads this screen can log in with the password too: clear it."""
    segno.make(address, error="l", micro=False).terminal(compact=True)
    print(address)


def _usage(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(2)


def _fail(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(1)
