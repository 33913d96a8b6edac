"""What an Authorization header carries."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luigi.server.guard.credentials import secret_in


def basic(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("header", "secret"),
    [
        ("Bearer abc", "abc"),
        ("bearer  abc ", "abc"),
        (f"Basic {basic('anybody:abc')}", "abc"),
        (f"BASIC {basic(':abc')}", "abc"),
        (f"Basic {basic('ann:a:b')}", "a:b"),
        (f"Basic {basic('ann:Grüße')}", "Grüße"),
        ("Bearer", None),
        ("Bearer ", None),
        (f"Basic {basic('abc')}", None),
        (f"Basic {basic('abc:')}", None),
        ("Basic abc!", None),
        ("Basic abcde", None),
        (f"Basic {base64.b64encode(b'ann:' + bytes([255])).decode()}", None),
        ("Digest username=ann", None),
        ("abc", None),
        ("", None),
    ],
)
def test_the_secret_is_found(header: str, secret: str | None) -> None:
    assert secret_in(header) == secret


@given(st.text(), st.sampled_from(["Basic ", "Bearer ", ""]))
def test_any_header_can_be_read(text: str, scheme: str) -> None:
    assert secret_in(scheme + text) != ""
