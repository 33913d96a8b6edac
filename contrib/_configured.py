"""An attribute of a class that the configuration gives, for those of Luigi's that are one."""

from __future__ import annotations


class Configured:
    """Read when it is asked for; subclasses and instances may have another value in its place."""

    def __init__(self, section: str, option: str, default: str) -> None:
        self._place = section, option, default

    def __get__(self, instance: object, owner: type) -> str:
        """What is configured now."""
        from luigi.configuration import get_config

        return str(get_config().get(*self._place))
