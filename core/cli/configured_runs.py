"""Runs that the configuration names: a section `[run.NAME]` with a task, its parameters, and what else a flag can say.

Such as `[run.nightly]` with the options `module = flights.tasks`, `task = Report`, `day = 2013-07-04` (a parameter of
Report), `workers = 2` (a flag of the command) and `Extract.retries = 3` (a parameter of all other Extract tasks).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from luigi.configuration import get_config
from luigi.errors import ConfigurationError, did_you_mean

if TYPE_CHECKING:
    from luigi.cli.flags import Flag, FlagTable

TABLE = "run"
PREFIX = f"{TABLE}."
OWN_OPTIONS = ("module", "task")


class BadRun(ConfigurationError):
    """A `[run.NAME]` section cannot be used."""

    def __init__(self, run: ConfiguredRun, option: str, problem: str, hint: str) -> None:
        config = get_config()
        origin = config.origin(run.section, option or None) or config.origin(run.section)
        super().__init__(f"{f'{origin}: ' if origin else ''}[{run.section}] {problem}", hint=hint)


@dataclass(frozen=True, slots=True)
class ConfiguredRun:
    """One `[run.NAME]` section."""

    name: str
    module: str
    task: str

    @property
    def section(self) -> str:
        """The section's name."""
        return PREFIX + self.name

    def arguments(self) -> list[str]:
        """The command line that says the same as the section.

        Imports the module. Raises BadRun for a section without a task and for an option that no flag stands for, and
        what importing the module or looking the task up raises.
        """
        if not self.task:
            raise BadRun(self, "", "names no task", "add task = Family")
        return [*self._module_flag(), self.task, *self._flags()]

    def _module_flag(self) -> list[str]:
        return [f"--module={self.module}"] if self.module else []

    def _flags(self) -> Iterator[str]:
        from luigi.cli.flags import FlagTable
        from luigi.cli.opening import open_module
        from luigi.cli.task_names import task_class

        open_module(self._module_flag())
        table = FlagTable(task_class(self.task, self.module))
        for option in get_config().own_options(self.section):
            if option not in OWN_OPTIONS:
                yield from self._said(table, option, get_config().lookup(self.section, option))

    def _said(self, table: FlagTable, option: str, value: Any) -> Iterator[str]:
        flag = table.named(option)
        if flag is None and isinstance(value, dict):  # TOML reads `Other.date = …` as a table `Other`
            for inner, inner_value in value.items():
                yield from self._said(table, f"{option}.{inner}", inner_value)
        elif flag is None:
            known = [known.text[2:] for known in table]
            hint = did_you_mean(option, known) or f"it is neither a parameter of {self.task} nor a flag"
            raise BadRun(self, option.partition(".")[0], f"{option} means nothing here", hint)
        elif value not in (None, ""):
            yield f"{flag.text}={self._text(flag, option, value)}"

    def _text(self, flag: Flag, option: str, value: Any) -> str:
        """The value as a flag carries it. Raises ParameterValueError for one the parameter cannot read."""
        origin = get_config().origin(self.section, option.partition(".")[0])
        read = flag.parameter.read(value, option, f"{origin}: [{self.section}]")
        return value if isinstance(value, str) else flag.parameter.serialize(flag.parameter.normalize(read))


def configured_runs() -> dict[str, ConfiguredRun]:
    """The runs of the configuration, by name. Raises ConfigurationError for files that cannot be read."""
    config = get_config()
    return {name: _configured(name) for name in dict.fromkeys([*_in_cfg_files(), *config.table(TABLE)])}


def _in_cfg_files() -> Iterator[str]:
    """The names of runs that cfg files have. TOML has `[run.NAME]` as a table within `run`."""
    config = get_config()
    for section in config.sections():
        if section.startswith(PREFIX) and not config.table(section):
            yield section.removeprefix(PREFIX)


def _configured(name: str) -> ConfiguredRun:
    module, task = (str(get_config().lookup(PREFIX + name, option) or "") for option in OWN_OPTIONS)
    return ConfiguredRun(name, module, task)
