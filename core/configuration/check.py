"""Checks a configuration against what is known: every mistake of every file at once.

A mistake in the kernel's own sections is an error. A section that nobody owns may be a program's own, or a task's that
this run does not import: it gets a warning, and only when it looks like a slip of a name that exists.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from luigi.configuration import known
from luigi.configuration.kinds import LIMIT, TEXT_LIST, Kind
from luigi.errors import ConfigurationError, did_you_mean

if TYPE_CHECKING:
    from luigi.configuration.cfg_parser import LuigiConfigParser
    from luigi.configuration.toml_parser import LuigiTomlParser

    Config: TypeAlias = LuigiConfigParser | LuigiTomlParser

SLIP = 0.85
"""How alike, from 0 to 1, a section's name and a known one must be for the one to be a slip of the other."""


class ConfigurationWarning(UserWarning):
    """Something in the configuration has no effect, and is probably not meant so."""


class Problem(NamedTuple):
    """One mistake."""

    place: str
    sentence: str
    hint: str

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}" if self.place else self.sentence


class BadConfiguration(ConfigurationError):
    """All mistakes of the configuration, one a line."""

    def __init__(self, problems: list[Problem]) -> None:
        if len(problems) == 1:
            super().__init__(str(problems[0]), hint=problems[0].hint)
        else:
            lines = (f"  {problem}" + (f" ({problem.hint})" if problem.hint else "") for problem in problems)
            super().__init__("\n".join([f"{len(problems)} mistakes in the configuration:", *lines]))
        self.problems = problems


def check(config: Config) -> None:
    """Raise ConfigurationError naming every mistake in the kernel's own sections; warn once of probable slips."""
    found = mistakes(config)
    if found:
        raise BadConfiguration(found)
    probable = [str(doubt) for doubt in doubts(config)]
    if probable:
        warnings.warn("; ".join(probable), ConfigurationWarning, stacklevel=2)


def mistakes(config: Config) -> list[Problem]:
    """Every mistake in the kernel's own sections."""
    return list(dict.fromkeys(problem for section in config.sections() for problem in _problems(config, section)))


def doubts(config: Config, owned: Collection[str] = ()) -> list[Problem]:
    """What has no effect, and is probably not meant so: options that are not read any more, slips of sections.

    `owned` are sections that somebody reads of whom nothing is known here.
    """
    return [doubt for section in config.sections() if section not in owned for doubt in _doubts(config, section)]


def is_owned(section: str) -> bool:
    """Whether the section is known: the kernel's, that of a module of `luigi.contrib`, a run, or a known task's."""
    return _owned(section)


def _problems(config: Config, section: str) -> Iterator[Problem]:
    if section in known.KERNEL:
        yield from _bad_options(config, section, known.KERNEL[section])
    elif section == known.RESOURCES:
        for option in config.own_options(section):
            yield from _bad_value(config, section, option, LIMIT)
    elif section == known.FRESHNESS:
        for option in config.own_options(section):
            yield from _bad_value(config, section, option, TEXT_LIST)
    else:
        yield from _bad_runs(config, section)


def _bad_options(config: Config, section: str, options: known.Options) -> Iterator[Problem]:
    for option in config.own_options(section):
        name = option.replace("-", "_")
        if name in options:
            yield from _bad_value(config, section, option, options[name])
        elif (section, name) not in known.RETIRED:
            hint = did_you_mean(name, options) or f"it has {', '.join(options)}"
            yield Problem(_place(config, section, option), f"[{section}] has no option {option}", hint)


def _bad_value(config: Config, section: str, option: str, kind: Kind) -> Iterator[Problem]:
    from luigi.configuration.interpolation import InterpolationMissingEnvvarError

    try:
        value = config.lookup(section, option)
    except InterpolationMissingEnvvarError:
        return  # only whoever reads the option needs the variable
    except ConfigurationError as error:
        yield Problem("", str(error), error.hint)
        return
    try:
        kind.read(value)
    except (ValueError, TypeError):
        sentence = f"[{section}] {option} = {value!r} is not {kind.expected}"
        yield Problem(_place(config, section, option), sentence, "")


def _bad_runs(config: Config, section: str) -> Iterator[Problem]:
    """What is wrong with the runs among `section` and the tables in it."""
    runs = [f"{section}.{name}" for name, value in config.table(section).items() if isinstance(value, dict)]
    for run in {section, *runs}:
        if run.startswith(known.RUN_PREFIX) and not config.has_option(run, known.RUN_TASK):
            yield Problem(_place(config, run), f"[{run}] names no task", "add a line task = NAME")


def _doubts(config: Config, section: str) -> Iterator[Problem]:
    for option in config.own_options(section):
        replacement = known.RETIRED.get((section, option.replace("-", "_")))
        if replacement:
            yield Problem(_place(config, section, option), f"[{section}] {option} is not read: use {replacement}", "")
    if not _owned(section):
        near = _meant(section)
        if near and section not in _borrowed():
            yield Problem(_place(config, section), f"nobody reads section [{section}]: did you mean [{near}]?", "")


def _owned(section: str) -> bool:
    first = section.partition(".")[0]
    return (
        section in known.KERNEL
        or section in known.CONTRIB
        or first in (*known.FREE, *known.MANY, known.RUN_PREFIX.rstrip("."))
        or section in _families()
    )


def _meant(section: str) -> str:
    """The section that `section` is probably a slip of, or an empty string."""
    import difflib

    names = {_shape(name): name for name in (*known.CONTRIB, *known.KERNEL, *known.FREE)}
    near = difflib.get_close_matches(_shape(section), names, n=1, cutoff=SLIP)
    if near:
        return names[near[0]]
    return next((family for family in _families() if _same_task(section, family)), "")


def _same_task(section: str, family: str) -> bool:
    """Whether they differ only in case, `-` and `_`, or in a namespace left out.

    Less likeness would not do: a file that many programs share names tasks such as ExportUK next to ExportUS.
    """
    return _shape(section) in (_shape(family), _shape(family.rpartition(".")[2]))


def _shape(name: str) -> str:
    return name.casefold().replace("-", "").replace("_", "")


def _families() -> Iterable[str]:
    from luigi.task_register import Register

    return Register.task_names()


def _borrowed() -> set[str]:
    """The sections that some parameter's `config_path` names."""
    from luigi.task_register import Register

    classes = {base for cls in Register._get_reg().values() for base in getattr(cls, "__mro__", ())}
    paths = [getattr(value, "_config_path", None) for cls in classes for value in vars(cls).values()]
    return {path["section"] for path in paths if isinstance(path, dict)}


def _place(config: Config, section: str, option: str | None = None) -> str:
    return str(config.origin(section, option) or "")
