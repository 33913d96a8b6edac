"""What an Authorization header carries: a secret as Bearer, or as the password of Basic with any user's name."""

from __future__ import annotations

import base64
import binascii


def secret_in(header: str) -> str | None:
    """The secret; None where the header has none that can be read."""
    scheme, _, value = header.partition(" ")
    value = value.strip()
    match scheme.lower():
        case "bearer":
            return value or None
        case "basic":
            return _password(value)
        case _:
            return None


def _password(value: str) -> str | None:
    """The password is what stands behind the first colon (RFC 7617)."""
    try:
        both = base64.b64decode(value, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    return both.partition(":")[2] or None
