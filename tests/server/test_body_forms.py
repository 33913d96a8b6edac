"""Forms in bodies: read once, whoever asks."""

from __future__ import annotations

import falcon
import pytest
from falcon.testing import create_req

from luigi.rpc.records import WrongField
from luigi.server.forms import FORM, form_of, kind_of_body


def test_who_asks_again_gets_the_same() -> None:
    request = create_req(method="POST", body="a=1&b=&a=2", headers={"Content-Type": FORM})
    assert form_of(request) == {"a": "2", "b": ""}
    assert form_of(request) == {"a": "2", "b": ""}


def test_an_empty_form_is_read_once_too() -> None:
    request = create_req(method="POST", headers={"Content-Type": FORM})
    assert form_of(request) is form_of(request)


def test_what_is_no_text() -> None:
    with pytest.raises(WrongField, match="byte 2"):
        form_of(create_req(method="POST", body=b"a=\xff"))


@pytest.mark.parametrize(
    ("said", "kind"), [(None, FORM), (f"{FORM}; charset=UTF-8", FORM), ("Application/JSON", falcon.MEDIA_JSON)]
)
def test_the_kind_of_a_body(said: str | None, kind: str) -> None:
    assert kind_of_body(create_req(headers={"Content-Type": said} if said else {})) == kind
