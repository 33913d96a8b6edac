"""The files that parameters and properties reach Pig by, in Pig's and in Java's way of writing them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from luigi.contrib._jobs.java import unicode_escape
from luigi.contrib._pig.errors import UnfitParameter

NAME: Final = re.compile(r"_*[A-Za-z][A-Za-z0-9_]*")
PLAIN: Final = re.compile(r"[A-Za-z0-9/.][A-Za-z0-9_/.:,+-]*")
"""Values that mean themselves. Of others Pig would take some for a command of the shell, or for the next parameter."""
SPECIAL: Final = re.compile(r"\\|\$|'|[^\x00-\x7f]")
"""Characters that a value in quotes has in another way."""


def parameters(values: Mapping[str, Any]) -> str:
    """A file for `-param_file`. Raises UnfitParameter."""
    return "".join(f"{_parameter_name(name)}={_parameter_value(name, str(value))}\n" for name, value in values.items())


def _parameter_name(name: str) -> str:
    if not NAME.fullmatch(name):
        raise UnfitParameter(name, "names are letters, digits and underscores")
    return name


def _parameter_value(name: str, value: str) -> str:
    if PLAIN.fullmatch(value):
        return value
    if value.endswith("\\"):
        raise UnfitParameter(name, "a value must not end in a backslash, which would hide the end")
    return f"'{SPECIAL.sub(_escaped, value)}'"


def _escaped(found: re.Match[str]) -> str:
    if found[0] == "'":
        return "\\'"
    if found[0] == "$":
        return "\\u005c$"  # else the value of another parameter would be put in
    return unicode_escape(found[0])


def properties(values: Mapping[str, Any]) -> str:
    """A file for `-propertyFile`."""
    return "".join(f"{_property(str(key), key=True)}={_property(str(value))}\n" for key, value in values.items())


def _property(text: str, *, key: bool = False) -> str:
    special = r"[\\\n\r\t\f=:#! ]|[^\x00-\x7f]" if key else r"[\\\n\r\t\f]|^ |[^\x00-\x7f]"
    return re.sub(special, lambda found: "\\ " if found[0] == " " else unicode_escape(found[0]), text)
