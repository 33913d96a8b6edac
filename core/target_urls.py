"""Targets by URL: the scheme names who makes them, `luigi_targets` who that is."""

from __future__ import annotations

import re
from typing import Any

from luigi.errors import KernelError, did_you_mean
from luigi.target import Target

_PASSWORD = re.compile(r"^([\w+.-]+://[^:/@]*:)[^/@]+@")

LOCAL = "file"
"""The scheme of what has none: a path of this machine."""


class UnknownScheme(KernelError, ValueError):
    """No plugin makes targets of that scheme."""

    def __init__(self, url: str, scheme: str, known: list[str]) -> None:
        super().__init__(f"no plugin opens {scheme} targets, such as {_without_password(url)}")
        self.hint = did_you_mean(scheme, known) or f"there are: {', '.join(sorted(known))}"


def open_target(url: str, **kwargs: Any) -> Target:
    """The target that `url` names: `s3://bucket/key`, `mock:name`, `file:///tmp/a`, or a plain path of this machine.

    Keywords go to whoever makes it: `format=luigi.format.Gzip`. Raises UnknownScheme, naming the schemes there are;
    PluginError when the target cannot be made, and MissingExtra when that needs a package that is not installed.
    """
    from luigi.plugin_manager import here

    plugins = here()
    name = scheme(url)
    known = plugins.providers("targets")
    if name not in known:
        raise UnknownScheme(url, name, list(known))
    target: Target = plugins.make("targets", name, url, **kwargs)
    target.opened_from = url
    return target


def _without_password(url: str) -> str:
    return _PASSWORD.sub(r"\1***@", url)


def scheme(url: str) -> str:
    """What stands before the colon; LOCAL for a plain path, and for a drive's letter."""
    first, colon, _ = url.partition(":")
    named = colon and len(first) > 1 and first.replace("+", "a").replace("-", "a").replace(".", "a").isalnum()
    return first.casefold() if named and first.isascii() else LOCAL


def without_scheme(url: str) -> str:
    """The path in `mock:a`, `mock://a` and `file:///a`; a plain path as it is."""
    if scheme(url) == LOCAL and not url.casefold().startswith(f"{LOCAL}:"):
        return url
    return url.partition(":")[2].removeprefix("//")
