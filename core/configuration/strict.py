"""What a run that is strict asks of a configuration: nothing in it that nobody reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from luigi.configuration import known
from luigi.configuration.check import BadConfiguration, Problem, _borrowed, _place, doubts, is_owned
from luigi.errors import did_you_mean
from luigi.task_register import Register

if TYPE_CHECKING:
    from luigi.configuration.check import Config


def check_strictly(config: Config) -> None:
    """Raise BadConfiguration naming every section and option that nobody reads, as far as tasks are imported."""
    problems = {problem.place: problem for problem in [*_unread(config), *doubts(config)]}  # a doubt says more
    if problems:
        raise BadConfiguration(list(problems.values()))


def _unread(config: Config) -> Iterator[Problem]:
    borrowed = _borrowed()
    for section in config.sections():
        if not is_owned(section) and section not in borrowed:
            hint = did_you_mean(section, Register.task_names())
            yield Problem(_place(config, section), f"nobody reads section [{section}]", hint)
        if section not in known.KERNEL:
            yield from _unread_parameters(config, section)


def _unread_parameters(config: Config, family: str) -> Iterator[Problem]:
    """Options of a task's section that are none of its parameters."""
    cls = Register._get_reg().get(family)
    if cls is None or cls is Register.AMBIGUOUS_CLASS:
        return
    names = [name for name, _ in cls.get_params()]
    read = {*names, *getattr(cls, "ignore_unconsumed", ())}
    for option in config.own_options(family):
        if option.replace("-", "_") not in read:
            hint = did_you_mean(option, names) or f"it has {', '.join(names) or 'none'}"
            yield Problem(_place(config, family, option), f"{family} has no parameter {option}", hint)
