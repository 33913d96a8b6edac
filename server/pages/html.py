"""HTML that is escaped by construction: an element is made of its name, its attributes and what is in it.

A text becomes HTML only by being escaped; what is HTML already is an `Html`, and nothing but `element` makes one of
data. Links to anything but web addresses are left out, so that a stranger's `javascript:…` is just a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import Final, TypeAlias
from urllib.parse import urlsplit


class Html(str):
    """A text that is HTML."""

    __slots__ = ()


Content: TypeAlias = "str | int | float | Iterable[Content] | None"
"""What may be in an element: None and False are nothing, and collections are what is in them."""

_VOID: Final = frozenset({"br", "hr", "input", "link", "meta"})
"""Elements that have no content, and no end."""

_RAW: Final = frozenset({"script", "style"})
"""Elements in which escaping does not help. Scripts and styles are files of their own."""

_LINKS: Final = frozenset({"action", "formaction", "href", "src"})

_NAME: Final = re.compile(r"[a-z][a-z0-9-]*")

_UNSEEN: Final = re.compile(r"[\x00-\x20\x7f-\x9f]")
"""Characters that browsers leave out of the beginning, or the middle, of an address."""


def element(name: str, /, *content: Content, **attributes: str | int | float | bool | None) -> Html:
    """The element with these attributes: True is one without a value, False and None are left out.

    An underscore in an attribute's name stands for a hyphen, and one at its end for nothing: `class_`, `aria_label`.
    Raises ValueError for a name that is none, for elements whose content would not be text to a browser, and for
    attributes that do something.
    """
    if name in _RAW or not _NAME.fullmatch(name):
        raise ValueError(f"no element is called {name!r} here")
    start = Html(f"<{name}{''.join(_attribute(*one) for one in attributes.items())}>")
    return start if name in _VOID else Html(f"{start}{together(content)}</{name}>")


def together(content: Content) -> Html:
    """The content as HTML: one after the other."""
    if content is None or content is False:
        return Html()
    if isinstance(content, Html):
        return content
    if isinstance(content, str | int | float):
        return Html(escape(str(content)))
    return Html("".join(map(together, content)))


def _attribute(name: str, value: str | int | float | bool | None) -> str:
    name = name.rstrip("_").replace("_", "-")
    if not _NAME.fullmatch(name) or name.startswith("on") or name == "style":
        raise ValueError(f"no attribute is called {name!r} here")
    if value is None or value is False or (name in _LINKS and not is_web_address(str(value))):
        return ""
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def is_web_address(url: str) -> bool:
    """Whether the address is a relative one, or one of http and https: what a browser may follow."""
    try:
        return urlsplit(_UNSEEN.sub("", url)).scheme in ("", "http", "https")
    except ValueError:  # brackets that are no address
        return False
