"""The id of a task: its family, its first three parameters made safe for file names, and a hash of all of them.

Ids are Luigi's to the byte: they stand in file names and schedulers that exist already.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from json.encoder import encode_basestring_ascii as quote
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hashlib import md5
else:
    try:  # the interpreter's own: hashlib loads OpenSSL, which costs more than the rest of `import luigi` together
        from _md5 import md5
    except ImportError:
        from hashlib import md5

TASK_ID_INCLUDE_PARAMS = 3
TASK_ID_TRUNCATE_PARAMS = 16
TASK_ID_TRUNCATE_HASH = 10
TASK_ID_INVALID_CHAR_REGEX = re.compile(r"[^A-Za-z0-9_]")


def task_id_str(task_family: str, params: Mapping[str, str]) -> str:
    """The id of a task of `task_family` whose significant public parameters, as texts, are `params`."""
    names = sorted(params)
    return _join(task_family, [f"{quote(name)}:" for name in names], [params[name] for name in names])


class IdWriter:
    """Writes the ids of one task class: what does not depend on the values is worked out once."""

    __slots__ = ("_family", "_keys", "_names", "_writers")

    def __init__(self, family: str, writers: Mapping[str, Callable[[Any], str]]) -> None:
        self._family = family
        self._names = sorted(writers)
        self._keys = [f"{quote(name)}:" for name in self._names]
        self._writers = [writers[name] for name in self._names]

    def write(self, given: Mapping[str, Any]) -> str:
        """The id of the task with these parameter values."""
        texts = [write(given[name]) for name, write in zip(self._names, self._writers, strict=True)]
        return _join(self._family, self._keys, texts)


def _join(family: str, keys: Sequence[str], texts: Sequence[str]) -> str:
    """`keys` and `texts` in alphabetical order of the names; the hash is of the JSON object they make."""
    pairs = ",".join([key + quote(text) for key, text in zip(keys, texts, strict=True)])
    digest = md5(f"{{{pairs}}}".encode(), usedforsecurity=False).hexdigest()
    first = "_".join([text[:TASK_ID_TRUNCATE_PARAMS] for text in texts[:TASK_ID_INCLUDE_PARAMS]])
    if not (first.isascii() and first.isalnum()):
        first = TASK_ID_INVALID_CHAR_REGEX.sub("_", first)
    return f"{family}_{first}_{digest[:TASK_ID_TRUNCATE_HASH]}"
