"""Connections to Presto or Trino by PyHive, made of a task's attributes, that ask again where that does no harm."""

from __future__ import annotations

from inspect import signature
from types import ModuleType
from typing import Any, Final

from luigi.contrib._presto.errors import EXTRA, WHO
from luigi.contrib._presto.settings import presto
from luigi.errors import ConfigurationError
from luigi.extras import need

DIALECTS: Final = ("presto", "trino")

_STATEMENT: Final = "/v1/statement"
_BUSY: Final = 503
_AWAY: Final = (502, _BUSY, 504)
_PAUSE: Final = 0.1
"""Seconds before the second time that a server is asked again; each pause is twice the one before."""


def connection_for(task: Any) -> Any:
    """A connection of PyHive, with those of its options that the task has as attributes. Raises MissingExtra."""
    library = _library(presto().dialect)
    known = list(signature(library.Cursor.__init__).parameters)[1:]
    options = {name: value for name in known if (value := getattr(task, name, None)) is not None}
    options["requests_kwargs"] = {"timeout": presto().timeout, **options.get("requests_kwargs", {})}
    if "requests_session" not in options:
        options["requests_session"] = _session(f"{task.protocol}://{task.host}:{task.port}", presto().retries)
    return library.connect(**options)


def _library(dialect: str) -> ModuleType:
    if dialect not in DIALECTS:
        raise ConfigurationError(f"[presto] dialect: there is no {dialect}", hint=f"there are {', '.join(DIALECTS)}")
    return need(f"pyhive.{dialect}", EXTRA, WHO)


def _session(address: str, retries: int) -> Any:
    """What sends requests. A statement is sent again only where it has not arrived, lest it be carried out twice."""
    requests, retry = need("requests", EXTRA, WHO), need("urllib3", EXTRA, WHO).Retry
    # None for the verbs that may be sent again means all; what is other is a certificate that is not trusted.
    usual = {"total": retries, "backoff_factor": _PAUSE, "allowed_methods": None, "raise_on_status": False, "other": 0}
    looks = retry(**usual, status_forcelist=_AWAY)
    statements = retry(**usual, status_forcelist=[_BUSY], read=0)
    session = requests.Session()
    for prefix in ("http://", "https://", f"{address}{_STATEMENT}/"):
        session.mount(prefix, requests.adapters.HTTPAdapter(max_retries=looks))
    session.mount(f"{address}{_STATEMENT}", requests.adapters.HTTPAdapter(max_retries=statements))
    return session
