"""`--executor-option NAME=VALUE`: options of the executor's section, for this run alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from luigi.cli.usage import UsageError
from luigi.errors import did_you_mean

if TYPE_CHECKING:
    from luigi.hookspecs import Provider

FLAG = "--executor-option"


def take(given: Sequence[str], args: Iterable[str]) -> None:
    """Put the options into the configuration. `args`: the run's flags, which may name the executor.

    Raises UsageError for an option that its section has not, and PluginError for an executor that there is not.
    """
    if not given:
        return
    from luigi.configuration import get_config
    from luigi.plugin_manager import PluginManager
    from luigi.plugin_settings import section_of

    name = executor_named(args)
    if not name:
        raise UsageError(f"{FLAG} {given[0]}: no executor is named", hint="add --executor NAME")
    provider = PluginManager.with_installed().provider("executors", name)
    known = _known(provider)
    for one in given:
        option, value = _parted(one, known, name)
        assert provider.settings is not None
        get_config().set(section_of(provider.settings, provider.section or provider.name), option, value)


def executor_named(args: Iterable[str]) -> str:
    """The executor that the run's flags, or else the configuration, name; empty when they name none."""
    from luigi.cli.run_defaults import flag_values
    from luigi.configuration import get_config

    said = [value for flag, value in flag_values(args) if flag in ("--executor", "--worker-executor")]
    config = get_config()
    return said[-1] if said else config.get("core", "executor", "") or config.get("worker", "executor", "")


def _known(provider: Provider) -> list[str]:
    from luigi.plugin_settings import options

    if provider.settings is None:
        return []
    return [option.name for option in options(provider.settings, provider.section or provider.name)]


def _parted(given: str, known: Sequence[str], executor: str) -> tuple[str, str]:
    name, equals, value = given.partition("=")
    if not equals:
        raise UsageError(f"{FLAG} {given}: it says no value", hint=f"write {FLAG} {given}=VALUE")
    option = name.replace("-", "_")
    if option not in known:
        hint = did_you_mean(option, known) or (f"it has {', '.join(known)}" if known else "it has none")
        raise UsageError(f"{FLAG} {given}: the executor {executor} has no option {name}", hint=hint)
    return option, value
