"""What tasks and plugins, who own sections of the configuration, find wrong with these."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from luigi.configuration import known
from luigi.configuration.check import Problem
from luigi.errors import ConfigurationError, KernelError, ParameterValueError, did_you_mean
from luigi.plugin_settings import MissingSettings
from luigi.private_values import MASK
from luigi.task_register import Register

if TYPE_CHECKING:
    from luigi.configuration.check import Config
    from luigi.hookspecs import Provider


def of_tasks(config: Config) -> Iterator[Problem]:
    """Options of the sections of known tasks that are no parameters, and values that these cannot read."""
    families = Register._get_reg()
    for section in config.sections():
        cls = families.get(section)
        if cls is not None and cls is not Register.AMBIGUOUS_CLASS and section not in known.KERNEL:
            yield from _of_task(config, section, cls)


def _of_task(config: Config, section: str, cls: Any) -> Iterator[Problem]:
    parameters = dict(cls.get_params())
    elsewhere = getattr(cls, "ignore_unconsumed", ())
    for option in config.own_options(section):
        name = option.replace("-", "_")
        place = str(config.origin(section, option) or "")
        if name in parameters:
            try:
                parameters[name].resolve(section, name)
            except KernelError as error:
                yield Problem("", _sentence(parameters[name], error, f"{place}: [{section}] {option}"), error.hint)
        elif name not in elsewhere:
            hint = did_you_mean(name, parameters) or f"it has {', '.join(parameters) or 'no parameters'}"
            yield Problem(place, f"[{section}] {option}: the task {section} has no parameter {option}", hint)


def _sentence(parameter: Any, error: KernelError, option: str) -> str:
    """The error's own; of a private value only what the parameter itself says of it."""
    if isinstance(error, ParameterValueError) or not parameter._is_private():
        return str(error)
    return f"{option} = {MASK} cannot be filled in"


def of_plugins(config: Config) -> Iterator[Problem]:
    """What plugins cannot read of their sections. That a section says too little matters only to who uses it."""
    from luigi.plugin_settings import read

    for section, provider in _providers():
        if section in config.sections() and provider.settings is not None:
            try:
                read(provider.settings, section, config)
            except MissingSettings:
                continue
            except ConfigurationError as error:
                yield Problem("", str(error), error.hint)


def of_named(config: Config) -> Iterator[Problem]:
    """What is wrong with the first `[trigger.NAME]` and the first `[deadline.NAME]` section that will not do."""
    from luigi.deadlines.sections import deadlines
    from luigi.plugin_manager import PluginManager
    from luigi.triggers.sections import triggers

    for look in (lambda: triggers(config, PluginManager.with_installed()), lambda: deadlines(config)):
        try:
            look()
        except KernelError as error:
            yield Problem("", str(error), error.hint)


def sections_of_plugins() -> Iterator[str]:
    """The sections that plugins read."""
    return (section for section, _ in _providers())


def _providers() -> Iterator[tuple[str, Provider]]:
    """What installed plugins offer, with the section that each reads; once for each section."""
    from luigi.cli.plugin_inventory import DISABLED, examined, inventory
    from luigi.cli.plugin_settings_help import section_read

    met = set()
    for standing in inventory():
        offered = examined(standing).providers.values() if standing.state != DISABLED else ()
        for provider in (one for providers in offered for one in providers):
            section = section_read(provider)
            if section and section not in met:
                met.add(section)
                yield section, provider
