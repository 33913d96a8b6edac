"""The options there are, section by section: the kernel's, those of plugins, and the parameters of known tasks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from luigi.configuration import known
from luigi.errors import KernelError
from luigi.parameter import ParameterVisibility
from luigi.parameter.base import _no_value

if TYPE_CHECKING:
    from luigi.parameter import Parameter


class KnownOption(NamedTuple):
    """An option that somebody reads."""

    name: str
    default: str | None = None
    """As a cfg file would have it; None where there is none, or it is not known."""
    meaning: str = ""
    is_private: bool = False
    """Whether its value is not for everyone."""


Sections = Mapping[str, Mapping[str, KnownOption]]


def known_sections() -> Sections:
    """Section → name → option, of everything that is loaded and installed; names have underscores.

    A plugin that cannot be loaded is left out.
    """
    found: dict[str, dict[str, KnownOption]] = {
        section: {name: KnownOption(name) for name in options} for section, options in known.KERNEL.items()
    }
    for section, option in (*_of_plugins(), *_of_classes()):
        found.setdefault(section, {})[option.name] = option
    return found


def _of_classes() -> Iterator[tuple[str, KnownOption]]:
    from luigi.task_register import Register

    for family, cls in Register._get_reg().items():
        if cls is not Register.AMBIGUOUS_CLASS:
            yield from ((family, option_of(name, parameter)) for name, parameter in cls.get_params())
    for classes in Register._families.values():  # a private parameter of any of several namesakes is private
        for cls in classes if len(classes) > 1 else []:
            yield from _private_of(cls)


def _private_of(cls: Any) -> Iterator[tuple[str, KnownOption]]:
    for name, parameter in cls.get_params():
        if parameter.visibility != ParameterVisibility.PUBLIC:
            yield cls.task_family, option_of(name, parameter)


def option_of(name: str, parameter: Parameter[Any]) -> KnownOption:
    """The option that gives a parameter its value."""
    private = parameter.visibility != ParameterVisibility.PUBLIC
    return KnownOption(name, None if private else _written(parameter), parameter.description or "", private)


def _written(parameter: Parameter[Any]) -> str | None:
    """The text of its default; None where it has none, or one that no text stands for."""
    if parameter._default is _no_value or parameter._default is None:
        return None
    try:
        text = str(parameter.serialize(parameter._default))
        parameter.parse(text)
    except (TypeError, ValueError, AttributeError, LookupError, KernelError):
        return None
    return text


def _of_plugins() -> Iterator[tuple[str, KnownOption]]:
    from luigi.cli.plugin_inventory import DISABLED, examined, inventory
    from luigi.cli.plugin_settings_help import section_read
    from luigi.plugin_settings import options

    for standing in inventory():
        providers = examined(standing).providers if standing.state != DISABLED else {}
        for provider in (one for offered in providers.values() for one in offered):
            section = section_read(provider)
            for option in options(provider.settings, section) if section and provider.settings else ():
                yield section, KnownOption(option.name, _text(option.default), option.help, option.secret)


def _text(default: Any) -> str | None:
    if default is None or isinstance(default, str):
        return default
    return ", ".join(map(str, default)) if isinstance(default, tuple) else str(default)
