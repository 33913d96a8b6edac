"""What `--help` and `--help-all` print: each flag with its meaning, the form of its value, and its default."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from luigi.cli import own_classes
from luigi.cli.flags import Flag, FlagTable
from luigi.cli.layout import option_lines, paragraph
from luigi.parameter import Parameter, ParameterVisibility
from luigi.parameter.base import _no_value
from luigi.task_register import Register

if TYPE_CHECKING:
    from luigi.task import Task

USAGE = "usage: {program} [--module MODULE] TASK [--PARAMETER VALUE ...] [--OTHERTASK-PARAMETER VALUE ...]"
PLAIN_TEXT = Parameter().describe()
INTRODUCTION = (
    "Run TASK and everything it requires. TASK is a name or namespace.name that MODULE, or a module it imports, "
    "defines. Flags behind the task's name set its parameters; --OtherTask-parameter sets one for a whole class."
)


def help_text(root: type[Task] | None, everything: bool, program: str = "") -> str:
    """The help for the command line of `program`: about `root` if given, about every flag there is if `everything`."""
    if everything:
        own_classes.register_all()
    parts = [*_opening(program or _program(), root), *_common(root, everything)]
    if root is not None:
        parts += _about(root)
    if everything:
        parts += [*_of_every_class(), *_of_plugins()]
    return "\n".join(parts)


def _opening(program: str, root: type[Task] | None) -> Iterator[str]:
    usage = USAGE.format(program=program)
    yield usage.replace("TASK", root.get_task_family(), 1) if root is not None else usage
    yield ""
    yield from paragraph(INTRODUCTION)
    yield ""
    yield "options:"


def _common(root: type[Task] | None, everything: bool) -> Iterator[str]:
    table = FlagTable()
    own = root.get_task_family() if root is not None else None
    yield from _lines([flag for flag in table.bare() if everything or flag.parameter.always_in_help])
    if not everything:
        yield from _lines([flag for flag in table.prefixed() if flag.parameter.always_in_help and flag.family != own])


def _about(root: type[Task]) -> Iterator[str]:
    flags = list(FlagTable(root).of_root())
    yield ""
    summary = (root.__doc__ or "").strip().partition("\n")[0]
    yield f"{root.get_task_family()}: {summary}" if summary else f"{root.get_task_family()}:"
    if not flags:
        yield "  it has no parameters"
    prefix = "--" + root.get_task_family().replace("_", "-")
    for flag in flags:
        value = _value_name(flag)
        yield from option_lines(f"{flag.text}{value}, {prefix}{flag.text[1:]}{value}", _meaning(flag))


def _of_every_class() -> Iterator[str]:
    family = ""
    for flag in FlagTable().prefixed():
        if flag.family != family:
            family = flag.family
            yield from ("", f"{family}:")
        yield from _lines([flag])


def _of_plugins() -> Iterator[str]:
    """Settings that are no flags: those of plugins, which nothing has imported so far."""
    from luigi.cli.plugin_settings_help import of_all_plugins

    yield from ("", "settings of plugins, in the configuration:")
    yield from of_all_plugins(but=list(Register.task_names()))


def _lines(flags: Iterable[Flag]) -> Iterator[str]:
    for flag in flags:
        yield from option_lines(flag.text + _value_name(flag), _meaning(flag))


def _value_name(flag: Flag) -> str:
    if not flag.takes_next:
        return ""
    name = flag.name.upper()
    return f" {name}" if flag.needs_value else f" [{name}]"


def _meaning(flag: Flag) -> str:
    facts = "; ".join(fact for fact in (_form(flag), _default(flag)) if fact)
    said = flag.parameter.description or ""
    return f"{said} ({facts})" if said and facts else said or facts


def _form(flag: Flag) -> str:
    """The form of the flag's value; nothing where it goes without saying, or is said."""
    form = flag.parameter.describe() if flag.takes_next else ""
    said = flag.parameter.description or ""
    return "" if form == PLAIN_TEXT or "Choices:" in said else form


def _default(flag: Flag) -> str:
    """What the parameter is without the flag. Only the task that is run shows what the configuration says:
    other classes' settings may be secrets.
    """
    parameter = flag.parameter
    if parameter.visibility == ParameterVisibility.PRIVATE:
        return ""
    if flag.sets_root and parameter.visibility == ParameterVisibility.PUBLIC:
        found = parameter.value_source(flag.family, flag.name)
        if found is not None and found[1] != "default":
            return f"{found[0]}, from {found[1]}"
    if parameter._default is _no_value:
        return "from the configuration" if parameter.has_task_value(flag.family, flag.name) else "required"
    says_nothing = parameter._default in ("", None) or (parameter._default is False and not flag.takes_next)
    return "" if says_nothing else f"default: {_written(parameter, parameter._default)}"


def _written(parameter: Any, value: object) -> str:
    try:
        return str(parameter.serialize(value))
    except (TypeError, ValueError, AttributeError):  # a default that its own type cannot write
        return str(value)


def _program() -> str:
    name = os.path.basename(sys.argv[0])
    return "luigi" if name in ("", "__main__.py", "-c") else name
