"""What can be wrong with a command line itself, apart from the values it carries. Exit code 2, as argparse has it."""

from __future__ import annotations

from collections.abc import Sequence

from luigi.errors import KernelError, did_you_mean, nearest


class UsageError(KernelError):
    """The command line cannot be read."""


class UnknownFlag(UsageError):
    """No parameter goes by that flag. `known` are the flags there are."""

    def __init__(self, flag: str, known: Sequence[str] = ()) -> None:
        super().__init__(f"unknown flag {flag}")
        self.hint = did_you_mean(flag, known) or "--help shows the flags of a task, --help-all shows every flag"


class AmbiguousFlag(UsageError):
    """The beginning of a flag, where several flags begin so."""

    def __init__(self, flag: str, candidates: Sequence[str]) -> None:
        super().__init__(f"ambiguous flag {flag}: it could be {_listed(candidates)}")
        self.hint = "write the flag you mean in full"


class SharedFlag(UsageError):
    """Two parameters have the same flag, because family and name are joined by a dash. `pairs`: (family, name)."""

    def __init__(self, flag: str, pairs: Sequence[tuple[str, str]]) -> None:
        names = " or ".join(f"{name} of {family}" for family, name in pairs)
        super().__init__(f"flag {flag} could mean {names}")
        family, name = pairs[0]
        self.hint = f"set the one you mean in the configuration: [{family}] {name} = …"


class MissingValue(UsageError):
    """A flag that carries a value stands at the end, or before another flag."""

    def __init__(self, flag: str, expected: str) -> None:
        super().__init__(f"flag {flag} needs a value: {expected}")
        self.hint = f"{flag} VALUE or {flag}=VALUE"


class UnexpectedArgument(UsageError):
    """An argument that belongs to no flag, after the task is known."""

    def __init__(self, argument: str, task: str) -> None:
        super().__init__(f"unexpected argument {argument!r} behind the task {task}")
        self.hint = "one task a run; a value stands behind its flag, and a flag for yes or no takes =true or =false"


class UnknownCommand(UsageError):
    """`kernel` has no such command."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"unknown command {name!r}")
        near = nearest(name, known)
        self.hint = f"did you mean {' or '.join(near)}?" if near else f"the commands are: {', '.join(sorted(known))}"


def _listed(names: Sequence[str], limit: int = 8) -> str:
    shown = ", ".join(names[:limit])
    return f"{shown} and {len(names) - limit} more" if len(names) > limit else shown
