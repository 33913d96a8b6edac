"""Why a task failed travels as JSON within JSON."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luigi.rpc.operators import read_explanation, written_explanation


@given(st.none() | st.text())
def test_an_explanation_is_read_as_it_was_written(text: str | None) -> None:
    assert read_explanation(written_explanation(text)) == text


@pytest.mark.parametrize(("written", "text"), [("", None), ("null", None), ("plain words", "plain words")])
def test_explanations_of_other_clients(written: str, text: str | None) -> None:
    assert read_explanation(written) == text


def test_what_is_no_unicode_is_left_for_the_call_to_replace() -> None:
    assert written_explanation("no ä\udcff") == '"no ä\udcff"'
