"""What may stand where the cursor is: commands, their options, modules, tasks, parameters and their values."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from luigi.cli.completing import knowledge


class Candidate(NamedTuple):
    """One way to complete the word."""

    text: str
    """The whole word."""
    about: str = ""


def candidates(words: Sequence[str]) -> list[Candidate]:
    """The ways to complete the last of `words`, which stand behind `kernel`. None where a file may stand."""
    *before, current = words or [""]
    return [found for found in _all(before, current) if found.text.startswith(current)]


def _all(before: Sequence[str], current: str) -> Iterator[Candidate]:
    there = knowledge.commands()
    if not before or before == ["help"]:
        yield from _described({**there, "help": {"about": "what a command does"}} if not before else there)
        return
    command = there.get(before[0])
    if command is not None:
        part = command["parts"].get(before[1]) if len(before) > 1 else None
        rest = before[2:] if part is not None else before[1:]
        yield from Line(part or command, rest).candidates(current)


class Line:
    """What stands behind a command: it takes `options`, `words`, and arguments of the kinds in `places`."""

    def __init__(self, command: Mapping[str, Any], rest: Sequence[str]) -> None:
        self._command = command
        self._rest = rest
        self._runs = knowledge.runs() if self._takes_tasks() else {}
        self._module = _value_behind("--module", rest)
        self._task = self._named_task()

    def candidates(self, current: str) -> Iterator[Candidate]:
        """What may stand behind the rest of the line, where `current` has been typed."""
        option, has_value, _ = current.partition("=")
        before = self._options().get(self._rest[-1] if self._rest else "")
        if has_value and option.startswith("--"):
            for found in self._values(self._options().get(option)):
                yield Candidate(f"{option}={found.text}", found.about)
        elif before is not None and before["value"] and not before["value"].startswith("["):
            yield from self._values(before)
        elif current.startswith("-"):
            yield from _described(self._options())
        else:
            yield from self._arguments(current)

    def _options(self) -> dict[str, Any]:
        """Those of the command, and of the task that is named."""
        return {**self._command["options"], **(self._task or {}).get("options", {})}

    def _values(self, option: Mapping[str, Any] | None) -> Iterator[Candidate]:
        value = (option or {}).get("value", "").strip("[]")
        if value == "MODULE":
            yield from _modules("", "")
        elif value == "PATTERN":
            yield from _described(self._families())
        yield from map(Candidate, (option or {}).get("choices", ()))

    def _arguments(self, current: str) -> Iterator[Candidate]:
        places = self._command["places"]
        if not self._rest:
            yield from map(Candidate, self._command["words"])
        if self._takes_tasks() and self._task is None:
            yield from self._tasks(current)
        elif "MODULE" in places and not self._takes_tasks():
            yield from _modules(current, "")

    def _tasks(self, current: str) -> Iterator[Candidate]:
        module, colon, _ = current.partition(":")
        if colon:
            yield from _described({f"{module}:{name}": facts for name, facts in knowledge.tasks(module).items()})
        elif self._module:
            yield from _described(knowledge.tasks(self._module))
        else:
            yield from (Candidate(name, f"the run of {run['task']}") for name, run in self._runs.items())
            yield from _modules(current, ":")

    def _takes_tasks(self) -> bool:
        return "TASK" in self._command["places"]

    def _families(self) -> dict[str, Any]:
        """The tasks of the module that the line names, in whatever way."""
        return knowledge.tasks(self._module or self._module_of_task())

    def _module_of_task(self) -> str:
        for word in self._rest:
            module, colon, family = word.partition(":")
            if colon and family in knowledge.tasks(module):
                return module
            if word in self._runs:
                return str(self._runs[word]["module"])
        return ""

    def _named_task(self) -> dict[str, Any] | None:
        """The facts of the first word that names a task."""
        if not self._takes_tasks():
            return None
        there = self._families()
        for word in self._rest:
            family = self._runs[word]["task"] if word in self._runs else word.rpartition(":")[2]
            if family in there:
                return dict(there[family])
        return None


def _value_behind(option: str, words: Sequence[str]) -> str:
    for word, following in pairwise([*words, ""]):
        if word == option:
            return following
        if word.startswith(f"{option}="):
            return word.partition("=")[2]
    return ""


def _described(facts: Mapping[str, Mapping[str, Any]]) -> Iterable[Candidate]:
    return [Candidate(text, found["about"]) for text, found in facts.items()]


def _modules(typed: str, ending: str) -> Iterator[Candidate]:
    """Modules and packages of the working directory that go on from what is typed; a module ends with `ending`."""
    package = typed.rpartition(".")[0]
    prefix = f"{package}." if package else ""
    try:
        entries = sorted(os.scandir(package.replace(".", os.sep) or "."), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        name, extension = os.path.splitext(entry.name)
        if extension == ".py" and name.isidentifier() and name != "__init__":
            yield Candidate(f"{prefix}{name}{ending}")
        elif not extension and name.isidentifier() and not name.startswith("_") and _is_package(entry):
            yield Candidate(f"{prefix}{name}.")


def _is_package(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir() and any(name.endswith(".py") for name in os.listdir(entry.path))
