"""What is remembered of tasks that ran: where it is kept, and how it is written."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol

from luigi.configuration import get_config
from luigi.errors import ConfigurationError
from luigi.redo.asked import SECTION, STORE
from luigi.redo.policy import Noted

if TYPE_CHECKING:
    from luigi.task import Task

VERSION: Final = 1

Record = Mapping[str, Noted]
"""What is remembered of one task: policy → marks."""

logger = logging.getLogger("luigi-interface")


class Fingerprints(Protocol):
    """A place for records, one for each task."""

    def of(self, task: Task) -> Record:
        """The task's record; empty when there is none, or none that can be read. Changes nothing."""
        ...

    def keep(self, task: Task, record: Record) -> None:
        """Put the task's record in the place of the last one."""
        ...

    def close(self) -> None:
        """Let go of everything held."""
        ...


def fingerprints() -> Fingerprints:
    """Where the configuration has them: beside the outputs, or in a database. Raises ConfigurationError."""
    place = str(get_config().lookup(SECTION, STORE) or "")
    if not place:
        from luigi.redo.beside_outputs import BesideOutputs

        return BesideOutputs()
    if place.startswith("sqlite:///") and place != "sqlite:///":
        from luigi.redo.in_sqlite import InSqlite

        return InSqlite(place.removeprefix("sqlite:///"))
    raise ConfigurationError(
        f"[{SECTION}] {STORE} = {place} is no place for fingerprints", hint="sqlite:///PATH, or nothing"
    )


def written(task_id: str, record: Record) -> str:
    """A record as JSON."""
    policies = {name: {"at": noted.at, "marks": dict(noted.marks)} for name, noted in record.items()}
    return json.dumps({"version": VERSION, "task": task_id, "policies": policies}, sort_keys=True)


def read(text: str, where: str) -> Record:
    """The record that `text` is; an empty one, and a warning, for what this version cannot read."""
    try:
        found = json.loads(text)
        if found["version"] != VERSION:
            raise ValueError(f"it is of version {found['version']}")
        return {name: _noted(one) for name, one in found["policies"].items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        logger.warning("the fingerprint %s cannot be read, and is taken for none: %s", where, error)
        return {}


def _noted(found: Any) -> Noted:
    return Noted(float(found["at"]), {str(name): str(mark) for name, mark in found["marks"].items()})
