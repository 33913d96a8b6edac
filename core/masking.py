"""A command line as others may see it: values of private parameters and secrets taken out.

Taken out is too much rather than too little: what follows a flag of a private parameter of any class, or a beginning
of one; what follows a flag, or `NAME=`, that is called like a secret; passwords in URLs; and the private values
themselves wherever they stand.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Sequence

from luigi import private_values
from luigi.private_values import MASK
from luigi.task import Task
from luigi.task_register import Register

SECRET_NAMES = re.compile(r"passw|pwd|secret|token|credential|api_?key|access_?key|private_?key", re.IGNORECASE)
"""What a name looks like whose value is not for everyone."""

_URL = re.compile(r"(\w://[^\s/@:]*):(?:[^\s/]+|(?!\d+/)\S+)@")
"""A password in a URL. One with a slash in it is no URL's, but databases take it; digits before a slash are a port."""


def masked(words: Sequence[str], tasks: Iterable[Task] = ()) -> str:
    """The words of a command line as one text, quoted as for a shell; `tasks` are those it is about."""
    with_secrets = [task for task in tasks if any(parameter._is_private() for _, parameter in task.get_params())]
    return " ".join(_shown(words, Flags(), with_secrets))


class Flags:
    """What the flags of all task classes are called: those of private parameters, and the others."""

    def __init__(self) -> None:
        self._private: set[str] = set()
        self._public: set[str] = set()
        for cls in {cls for classes in Register._families.values() for cls in classes}:
            for name, parameter in cls.get_params():  # type: ignore[attr-defined]  # all in the register are Tasks
                known = self._private if parameter._is_private() else self._public
                known.update((_shape(name), _shape(f"{cls.task_family}-{name}")))

    def is_private(self, text: str) -> bool:
        """Whether what is written as `text` is, or may be short for, the flag of a private parameter."""
        shape = _shape(text)
        if not text.startswith("--") or not shape:
            return False
        return shape in self._private or (
            shape not in self._public and any(flag.startswith(shape) for flag in self._private)
        )


def _shown(words: Sequence[str], flags: Flags, tasks: Sequence[Task]) -> Iterator[str]:
    secret_follows = False
    for word in words:
        if secret_follows and not word.startswith("--"):
            secret_follows = False
            yield MASK
            continue
        name, given, value = word.partition("=")
        is_secret = flags.is_private(name) or _is_called_so(name)
        secret_follows = is_secret and not given and word.startswith("-")
        yield f"{name}={MASK}" if is_secret and value else _without(word, tasks)


def _is_called_so(name: str) -> bool:
    """Whether the name of a flag or a variable says that its value is a secret."""
    return bool(SECRET_NAMES.search(_shape(name))) and (name.startswith("-") or name.isidentifier())


def _without(word: str, tasks: Sequence[Task]) -> str:
    """The word, quoted, less the private values of tasks and what URLs tell of passwords."""
    for task in tasks:
        word = private_values.masked(task, word)
    return word if word == MASK else shlex.quote(without_passwords(word))


def without_passwords(text: str) -> str:
    """The text with `***` for the passwords in its URLs."""
    return _URL.sub(rf"\1:{MASK}@", text)


def _shape(flag: str) -> str:
    return flag.lstrip("-").replace("-", "_").casefold()
