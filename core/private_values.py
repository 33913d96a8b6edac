"""Takes the values of private parameters out of texts that leave the process: explanations, traces, events."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from luigi.task import Task

MASK = "***"

_SAYS_NOTHING = frozenset({"", "None", "True", "False", "()", "[]", "{}"})
_SHORT = 4  # characters below which a value is only taken out where it stands alone: "1" is in every text


def masked(task: Task, text: str) -> str:
    """`text` with `***` wherever the value of a private parameter of `task` stands, in any of its spellings.

    Of a private collection the texts and numbers in it count too. Empty values, None, True and False stay.
    """
    private = [(name, param) for name, param in task.get_params() if param._is_private()]
    found = {one for name, param in private for one in _spellings(param, getattr(task, name))} - _SAYS_NOTHING
    for secret in sorted(found, key=len, reverse=True):
        if len(secret) >= _SHORT:
            text = text.replace(secret, MASK)
        else:
            text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", MASK, text)
    return text


def _spellings(parameter: Any, value: Any) -> Iterator[str]:
    """How the value may stand in a text."""
    yield str(parameter.serialize(value))
    for leaf in _leaves(value):
        yield str(leaf)
        yield repr(str(leaf))[1:-1]  # as it stands in messages that quote it


def _leaves(value: Any) -> Iterator[Any]:
    """The value itself, and what is in it when it is a collection."""
    yield value.name if isinstance(value, Enum) else value
    parts = tuple(value.values()) if isinstance(value, Mapping) else value
    if isinstance(parts, (list, tuple, set, frozenset)):
        for part in parts:
            yield from _leaves(part)
