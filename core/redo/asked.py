"""Whether anybody asks for another freshness policy than Luigi's: looked at with every run, so it loads nothing."""

from __future__ import annotations

from typing import Any, Final

from luigi.configuration import get_config
from luigi.task_register import Register

SECTION: Final = "freshness"
STORE: Final = "store"
"""The one option of the section that is no family."""

DEFAULT: Final = "exists"
ATTRIBUTE: Final = "freshness"
"""What a class says its policies by."""


def policies_are_wanted() -> bool:
    """Whether any task may have another policy than the default. Costs a look at each class there is."""
    if any(option != STORE for option in get_config().own_options(SECTION)):
        return True
    classes = (cls for classes in Register._families.values() for cls in classes)
    return any(texts(getattr(cls, ATTRIBUTE, DEFAULT)) not in ((), (DEFAULT,)) for cls in classes)


def texts(said: Any) -> tuple[str, ...]:
    """The policies that a text or a list says; none for anything else: a parameter of the program's own, say."""
    if isinstance(said, str):
        said = said.split(",")
    if not isinstance(said, list | tuple) or not all(isinstance(one, str) for one in said):
        return ()
    return tuple(one.strip() for one in said if one.strip())
