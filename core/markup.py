"""Texts as they may stand in XML and HTML, whatever is in them."""

from __future__ import annotations

import re
from html import escape

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may have, not even escaped."""


def clean(text: str) -> str:
    """`text` as it may stand between tags and in quotes."""
    return escape(_NO_XML.sub("\ufffd", text))
