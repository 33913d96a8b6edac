"""The values of a configuration, as they may be shown: what is secret, or may be, is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from luigi.cli.configured_runs import configured_runs
from luigi.cli.configuring.known_options import KnownOption, Sections
from luigi.configuration import known
from luigi.configuration.slots import as_text
from luigi.errors import ConfigurationError
from luigi.masking import SECRET_NAMES, without_passwords
from luigi.private_values import MASK

if TYPE_CHECKING:
    from luigi.configuration.check import Config
    from luigi.configuration.origin import Origin

DEFAULT_SECTION: Final = "DEFAULT"

PRIVATE: Final = "private"
UNKNOWN: Final = "unknown"


class Value(NamedTuple):
    """One option that is configured."""

    section: str
    option: str
    """As it is spelt in the file."""
    text: str
    """What may be shown of its value."""
    hidden: str
    """Why it is not shown: PRIVATE; UNKNOWN, where nobody here knows whose option it is; empty where it is shown."""
    origin: Origin | None
    problem: str
    """What is wrong with it, if its value cannot be had."""


class Values:
    """Reads them."""

    def __init__(self, config: Config, sections: Sections) -> None:
        """`config`: the one in use. `sections`: the options that are known."""
        self._config, self._sections = config, sections
        self._tasks = {name: run.task for name, run in configured_runs().items()}

    def all(self) -> Iterator[Value]:
        """Every one, section by section, each once; a table within a table is a section of its own."""
        met = set()
        for value in self._everything():
            if (value.section, value.option) not in met:
                met.add((value.section, value.option))
                yield value

    def _everything(self) -> Iterator[Value]:
        for option in self._config.defaults():
            yield from self._values(DEFAULT_SECTION, option, *self._looked_up(DEFAULT_SECTION, option))
        for section in self._config.sections():
            for option in self._config.own_options(section):
                yield from self._values(section, option, *self._looked_up(section, option))

    def _looked_up(self, section: str, option: str) -> tuple[Any, str]:
        try:
            return self._config.lookup(section, option), ""
        except ConfigurationError:  # its sentence may hold the value
            return "", "refers to something that is not there"

    def _values(self, section: str, option: str, value: Any, problem: str) -> Iterator[Value]:
        if isinstance(value, dict):
            for inner, inner_value in value.items():
                yield from self._values(f"{section}.{option}", inner, inner_value, "")
            return
        hidden = self._hidden(section, option)
        text = MASK if hidden else without_passwords(as_text(value))
        yield Value(section, option, text, hidden, self._origin(section, option), problem)

    def _origin(self, section: str, option: str) -> Origin | None:
        """Its own, or that of a section around it."""
        origin = self._config.origin(section, option)
        while origin is None and section:
            origin = self._config.origin(section)
            section = section.rpartition(".")[0]
        return origin

    def _hidden(self, section: str, option: str) -> str:
        name = option.replace("-", "_")
        if SECRET_NAMES.search(name):
            return PRIVATE
        found = self._known(section, name)
        if found is None:
            return "" if _is_open(section) else UNKNOWN
        return PRIVATE if found.is_private else ""

    def _known(self, section: str, name: str) -> KnownOption | None:
        if section.startswith(known.RUN_PREFIX):
            return self._of_run(section, name)
        return self._sections.get(section, {}).get(name)

    def _of_run(self, section: str, name: str) -> KnownOption | None:
        """What an option of a run sets: what to run, a parameter of its task or of another class, a flag."""
        if name in ("module", "task"):
            return KnownOption(name)
        run, _, of_class = section.removeprefix(known.RUN_PREFIX).partition(".")
        family, _, parameter = f"{of_class}.{name}".lstrip(".").rpartition(".")
        if family:
            return self._sections.get(family, {}).get(parameter)
        task = self._sections.get(self._tasks.get(run, ""))
        if task is None:  # it may be a parameter of a task that is not known
            return None
        return task.get(name) or self._sections["core"].get(name)


def _is_open(section: str) -> bool:
    """Whether nothing else is secret in the section than what is called so."""
    return section.partition(".")[0] in known.FREE or section in known.CONTRIB
