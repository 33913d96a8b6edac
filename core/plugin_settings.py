"""The settings of a plugin: a frozen dataclass, read from the plugin's section of the configuration.

    @dataclass(frozen=True)
    class Settings:
        url: str = setting(help="where to post", secret=True)
        timeout: float = setting(10.0, help="seconds until an answer is given up")

Types are those that task parameters may be annotated with; `tuple[str, ...]` is also read from `a, b`. A field without
a default must be configured. A `luigi.Config` may stand in its place: it reads itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, Field, field, fields
from typing import Any, NamedTuple, TypeVar, get_type_hints

from luigi.configuration.named_sections import place_of
from luigi.errors import ConfigurationError, MissingParameterException, did_you_mean
from luigi.parameter.hints import recipe

Settings = TypeVar("Settings")

HIDDEN = "***"


class MissingSettings(ConfigurationError):
    """Options without a default have no value."""


class Option(NamedTuple):
    """One option, for a reader."""

    name: str
    kind: str
    """What values look like: str, int, …"""
    default: Any
    """As it would be written; None where a value must be given, *** for a secret."""
    help: str
    secret: bool = False


def setting(default: Any = MISSING, *, help: str = "", secret: bool = False) -> Any:
    """A field with a meaning; a `secret` one is in no repr, and shown as *** by every command."""
    said: dict[str, Any] = {"metadata": {"help": help, "secret": secret}, "repr": not secret}
    if isinstance(default, dict):  # each instance has its own
        return field(default_factory=lambda: dict(default), **said)
    return field(default=default, **said)


def configured(settings: type[Settings], section: str) -> Settings:
    """An instance of `settings` as the section is configured now. Raises as `read` does."""
    from luigi.configuration import get_config

    found: Settings = read(settings, section, get_config())
    return found


def read(settings: type, section: str, config: Any) -> Any:
    """An instance of `settings` with the values of `section`.

    Raises MissingSettings naming the options that must be given, and ConfigurationError for one that there is not, or
    whose value is of another type, naming file and line.
    """
    if _is_config(settings):
        try:
            return settings()
        except MissingParameterException as error:
            raise MissingSettings(str(error), hint=f"add it to the configuration: [{section}]") from error
    known = {one.name: one for one in fields(settings)}
    given = {option.replace("-", "_"): option for option in config.own_options(section)}
    for name, option in given.items():
        if name not in known:
            hint = did_you_mean(name, known) or f"it has {', '.join(known)}"
            raise ConfigurationError(
                f"{place_of(config, section, option)}[{section}] has no option {option}", hint=hint
            )
    missing = [name for name, one in known.items() if name not in given and _default(one) is MISSING]
    if missing:
        hint = f"add to the configuration: [{section}] {', '.join(missing)}"
        raise MissingSettings(f"[{section}] says nothing of {', '.join(missing)}", hint=hint)
    hints = get_type_hints(settings)
    return settings(**{name: _value(hints[name], known[name], section, given[name], config) for name in given})


def options(settings: type, section: str) -> list[Option]:
    """Every option of `settings`, in the order they are declared."""
    if _is_config(settings):
        return list(_of_config(settings))
    hints = get_type_hints(settings)
    return [
        Option(
            one.name,
            getattr(hints[one.name], "__name__", None) if isinstance(hints[one.name], type) else str(hints[one.name]),  # type: ignore[arg-type]
            _shown(one),
            one.metadata.get("help", ""),
            one.metadata.get("secret", False),
        )
        for one in fields(settings)
    ]


def section_of(settings: type, section: str) -> str:
    """Where `settings` are read from, when their provider says `section`."""
    return settings.get_task_family() if _is_config(settings) else section  # type: ignore[attr-defined]


def _is_config(settings: type) -> bool:
    from luigi.task import Config

    return issubclass(settings, Config)


def _of_config(settings: Any) -> Iterator[Option]:
    for name, parameter in settings.get_params():
        default = parameter._default
        has = parameter.has_task_value(settings.get_task_family(), name) or not _is_unset(default)
        shown = None if not has or _is_unset(default) else parameter.serialize(default)
        secret = bool(parameter._is_private())
        kind = type(parameter).__name__.removesuffix("Parameter").casefold() or "str"
        yield Option(name, kind, HIDDEN if secret and shown else shown, parameter.description or "", secret)


def _is_unset(default: Any) -> bool:
    from luigi.parameter.base import _no_value

    return default is _no_value


def _default(one: Field[Any]) -> Any:
    return one.default_factory() if one.default_factory is not MISSING else one.default


def _shown(one: Field[Any]) -> Any:
    default = _default(one)
    if default is MISSING:
        return None
    return HIDDEN if one.metadata.get("secret") and default else default


def _value(hint: Any, one: Field[Any], section: str, option: str, config: Any) -> Any:
    value = config.lookup(section, option)
    if hint == tuple[str, ...]:
        return _texts(value)
    found = recipe(hint)
    if found is None:
        raise TypeError(f"settings of [{section}]: no option is of type {hint}")
    made = (found.optional() if one.default is None else found).make()
    shown = HIDDEN if one.metadata.get("secret") else value
    try:
        return made.normalize(made.parse(value) if isinstance(value, str) else value)
    except (ValueError, TypeError, ConfigurationError) as error:
        expected = getattr(hint, "__name__", hint)
        sentence = f"{place_of(config, section, option)}[{section}] {option} = {shown!r} is not of type {expected}"
        raise ConfigurationError(sentence) from (None if one.metadata.get("secret") else error)


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, str):
        return tuple(str(one) for one in value)
    return tuple(part.strip() for part in value.replace("\n", ",").split(",") if part.strip())
