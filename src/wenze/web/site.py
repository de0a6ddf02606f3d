"""Where one installation keeps its data, its keys and its database, as the environment says. Knows nothing of Django.

The data folder is what is backed up and may be stolen; the keys lie elsewhere, so that who has the one has not the other.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"  # what was acknowledged outlives a power cut
    "PRAGMA recursive_triggers = ON;"  # else INSERT OR REPLACE deletes past the triggers of the record
    "PRAGMA secure_delete = ON;"  # what is erased is overwritten
)
_PATIENCE = 20  # seconds a writer waits for another


SAMPLE = "sample"
"""The file among the data that says they are the sample"""


class SiteProblem(ValueError):
    """An environment that cannot be worked with; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Site:
    """One installation: folder of the data, folder of the keys, the database as a URL ("" for SQLite among the data)."""

    data: Path
    keys: Path
    database_url: str = ""
    hosts: tuple[str, ...] = ()

    def begin(self) -> None:
        """Makes folders and keys that are not there yet, readable by their owner alone. SiteProblem where keys lie among data."""
        self.refuse_keys_among_data()
        for folder in (self.data, self.keys):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in ("secret", "sealing"):
            _write_once(self.keys / f"{name}.key", secrets.token_hex(32))

    def refuse_keys_among_data(self) -> None:
        data, keys = self.data.resolve(), self.keys.resolve()
        if keys.is_relative_to(data) or data.is_relative_to(keys):
            raise SiteProblem(
                f"密钥目录 {keys} 与数据目录 {data} 不得互相包含,请把 WENZE_KEYS 设在别处。"
                f" · Neither of the folders of keys {keys} and of data {data} may lie in the other: set WENZE_KEYS elsewhere."
            )

    def refuse_others_on_a_sample(self, host: str) -> None:
        """SiteProblem where the data are a sample, whose password everybody knows, and the address is not loopback."""
        if (self.data / SAMPLE).exists() and not is_loopback(host):
            raise SiteProblem(
                f"示例数据的口令人人皆知,只能在本机地址上运行,不能在 {host} 上。"
                f" · Everybody knows the password of the sample: it runs on a loopback address only, not on {host}."
            )

    def key(self, name: str) -> str:
        """64 hexadecimal digits; "" where this installation has not begun."""
        path = self.keys / f"{name}.key"
        return path.read_text("ascii").strip() if path.is_file() else ""

    def database(self) -> dict[str, Any]:
        """What Django takes as a database."""
        return _database(self.database_url) if self.database_url else _sqlite(self.data / "wenze.sqlite3")


def site_of(environ: Mapping[str, str] = os.environ) -> Site:
    """The installation that WENZE_DATA, WENZE_KEYS, DATABASE_URL and WENZE_HOSTS name."""
    home = Path.home()
    return Site(
        Path(environ.get("WENZE_DATA") or home / ".local" / "share" / "wenze"),
        Path(environ.get("WENZE_KEYS") or home / ".config" / "wenze" / "keys"),
        environ.get("DATABASE_URL", ""),
        tuple(filter(None, environ.get("WENZE_HOSTS", "").replace(",", " ").split())),
    )


def sample_site(folder: Path) -> Site:
    """Where `--sample` keeps the fictional prefecture."""
    return Site(folder / "data", folder / "keys")


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path.removeprefix("/") if parts.path.startswith("//") else parts.path)))
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise SiteProblem(
            "DATABASE_URL 应写成 postgresql://用户:口令@主机:端口/数据库"
            " · DATABASE_URL is written postgresql://user:password@host:port/database"
        )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {"init_command": _SQLITE_PRAGMAS, "transaction_mode": "IMMEDIATE", "timeout": _PATIENCE},
    }


def _write_once(path: Path, text: str) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text + "\n")
