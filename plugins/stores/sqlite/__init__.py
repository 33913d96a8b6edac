"""The scheduler's state in an SQLite file: what `kernel serve` uses unless told otherwise.

`store` keeps and claims, by a `lock_file`; `schema` says what is kept and brings it into today's shape, `errors` says
what is wrong in words, `reading` gives what is there, `saving` puts a snapshot in its place.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from luigi.errors import ConfigurationError
from luigi.hookspecs import Provider, hookimpl
from luigi.plugin_settings import setting

if TYPE_CHECKING:
    from luigi.plugins.stores.sqlite.store import SqliteStore


def default_path() -> str:
    """`[scheduler] state_path`, beside what may be Luigi's pickle; else a file of this user's."""
    from luigi.configuration import get_config

    configured = str(get_config().get("scheduler", "state_path", ""))
    if configured:
        path = Path(configured)
        return str(path.with_suffix(".sqlite") if path.suffix == ".pickle" else path)
    folder = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return str(Path(folder, "luigi", "state.sqlite"))


@dataclass(frozen=True)
class Settings:
    """The section `[sqlite]`."""

    path: str = field(
        default_factory=default_path,
        metadata={"help": "the file; unless given, [scheduler] state_path, or one in the user's state folder"},
    )
    synchronous: str = setting("normal", help="what an answered call survives: normal, any kill; full, a power cut")
    keep_hours: float = setting(0.0, help="hours that entries are kept which a snapshot has taken the place of")


@hookimpl
def luigi_state_stores() -> Iterator[Provider]:
    """The name that is used when `[server] state_store` says nothing."""
    yield Provider("sqlite", sqlite_store, "the state in an SQLite file", Settings, check=look)


def sqlite_store(settings: Settings) -> SqliteStore:
    """The store; nothing is opened yet. Raises ConfigurationError."""
    from luigi.plugins.stores.sqlite.store import SqliteStore

    if settings.synchronous not in ("full", "normal"):
        raise ConfigurationError(
            f"[sqlite] synchronous = {settings.synchronous!r} is neither full nor normal",
            hint="full survives a power cut, normal the end of any process",
        )
    path = Path(settings.path).expanduser().absolute()
    return SqliteStore(path, synchronous=settings.synchronous, keep_hours=settings.keep_hours)


def look(settings: Settings) -> str:
    """What is there; nothing is made. Raises StoreError."""
    path = Path(settings.path).expanduser().absolute()
    if not path.exists():
        return f"{path} is not there yet: the first start makes it"
    kept = sqlite_store(settings).load()
    return f"{path} can be read, and has {sum(1 for _ in kept.entries)} entries after number {kept.upto}"
