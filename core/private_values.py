"""Takes the values of private parameters out of texts that leave the process: explanations, traces, events."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Any

from luigi.task import Task

logger = logging.getLogger("luigi-interface")

MASK = "***"

_SAYS_NOTHING = frozenset({"", "None", "True", "False", "()", "[]", "{}"})
_SHORT = 4  # characters below which a value is only taken out where it stands alone: "1" is in every text


def masked(task: Task, text: str) -> str:
    """`text` with `***` wherever the value of a private parameter of `task` stands, in any of its spellings.

    Of a private collection the texts and numbers in it count too. Empty values, None, True and False stay.
    """
    return without(written_secrets(task), text)


def masked_error(task: Task, error: BaseException | None, text: str) -> str:
    """`text`, which tells of `error`, without private values of `task`, and of every task in whose methods it came up.

    A wrapper's `complete()` asks the tasks it requires: what they raise may hold their values, which it does not know.
    """
    return _without_those_of([task, *_involved(error)], text)


def masked_trace(error: BaseException, text: str) -> str:
    """`text`, which tells of `error`, without private values of every task in whose methods it came up."""
    return _without_those_of(_involved(error), text)


def _without_those_of(tasks: Iterable[Task], text: str) -> str:
    secrets = {secret for one in tasks for secret in written_secrets(one)}
    return without(sorted(secrets, key=len, reverse=True), text)


def _involved(error: BaseException | None) -> Iterator[Task]:
    ahead, met = [error], set[int]()
    while ahead:
        raised = ahead.pop()
        if raised is None or id(raised) in met:
            continue
        met.add(id(raised))
        ahead += [raised.__cause__, raised.__context__]
        step = raised.__traceback__
        while step is not None:
            if isinstance(owner := step.tb_frame.f_locals.get("self"), Task):
                yield owner
            step = step.tb_next


def written_secrets(task: Task) -> list[str]:
    """How the values of a task's private parameters may stand in a text, the longest first.

    The task may be half made, and its class may have put something else in a parameter's place.
    """
    private = [(name, param) for name, param in task.get_params() if param._is_private()]
    values = [(param, value) for name, param in private for value in _values(task, name) if value is not param]
    found = {one for param, value in values for one in _spellings(param, value)} - _SAYS_NOTHING
    return sorted(found, key=len, reverse=True)


def _values(task: Task, name: str) -> list[Any]:
    """What the attribute is, and what the task was made with."""
    given = getattr(task, "param_kwargs", {})
    now = getattr(task, name, None)
    return [now] if name not in given or given[name] is now else [now, given[name]]


def without(secrets: Iterable[str], text: str) -> str:
    """`text` with `***` wherever one of `secrets` stands; the longest have to come first."""
    for secret in secrets:
        if len(secret) >= _SHORT:
            text = text.replace(secret, MASK)
        else:
            text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", MASK, text)
    return text


def _spellings(parameter: Any, value: Any) -> Iterator[str]:
    """How the value may stand in a text: as it is, in messages that quote it, and all that in JSON."""
    import json

    plain = {str(leaf) for leaf in _leaves(value)}
    try:
        plain.add(str(parameter.serialize(value)))
    except Exception as error:  # it is none of the parameter's values: see written_secrets
        logger.debug("a private value cannot be serialized: %s", type(error).__name__)
    for text in plain | {repr(text)[1:-1] for text in plain}:
        yield text
        yield json.dumps(text)[1:-1]
        yield json.dumps(text, ensure_ascii=False)[1:-1]


def _leaves(value: Any) -> Iterator[Any]:
    """The value itself, and what is in it when it is a collection."""
    yield value.name if isinstance(value, Enum) else value
    parts = tuple(value.values()) if isinstance(value, Mapping) else value
    if isinstance(parts, (list, tuple, set, frozenset)):
        for part in parts:
            yield from _leaves(part)
