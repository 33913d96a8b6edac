"""A command line as others may see it."""

from __future__ import annotations

from typing import Any

import pytest

import luigi
from luigi.masking import masked
from luigi.parameter import ParameterVisibility


class Guarded(luigi.Task):
    task_namespace = "vault"
    day = luigi.Parameter(default="")
    code = luigi.Parameter(default="")
    code_word = luigi.Parameter(default="xyzzy!", visibility=ParameterVisibility.PRIVATE)
    pin = luigi.IntParameter(default=42, visibility=ParameterVisibility.PRIVATE)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("luigi Load --day 2024-05-01", "luigi Load --day 2024-05-01"),
        ("luigi Load --code-word plugh --day 1", "luigi Load --code-word *** --day 1"),
        ("luigi Load --code-word=plugh", "luigi Load --code-word=***"),
        ("luigi Load --code_word=plugh", "luigi Load --code_word=***"),
        ("luigi Load --vault.Guarded-code-word plugh", "luigi Load --vault.Guarded-code-word ***"),
        ("luigi Load --code-w plugh", "luigi Load --code-w ***"),
        ("luigi Load --code 1", "luigi Load --code 1"),
        ("luigi Load --code-word --day 1", "luigi Load --code-word --day 1"),
        ("luigi Load --smtp-password plugh", "luigi Load --smtp-password ***"),
        ("luigi Load --api-key=plugh", "luigi Load --api-key=***"),
        ("env PGPASSWORD=plugh luigi Load", "env PGPASSWORD=*** luigi Load"),
        ("luigi Load --day xyzzy!", "luigi Load --day ***"),
        ("luigi Load --day=axyzzy!b", "luigi Load '--day=a***b'"),
        ("luigi Load --day 42 --week 142", "luigi Load --day *** --week 142"),
        ("luigi Load --from-place postgres://me:plugh@host/db", "luigi Load --from-place 'postgres://me:***@host/db'"),
        ("luigi Load --from-place postgres://me:pl@gh@host/db", "luigi Load --from-place 'postgres://me:***@host/db'"),
        ("luigi Load --from-place postgres://me:pl/gh@host/db", "luigi Load --from-place 'postgres://me:***@host/db'"),
        ("luigi Load --from-place http://host:80/a@b", "luigi Load --from-place http://host:80/a@b"),
        (
            "luigi Load --from-place http://a:80/,http://b:pw@c/",
            "luigi Load --from-place 'http://a:80/,http://b:***@c/'",
        ),
    ],
)
def test_private_and_secret_values_are_taken_out(words: str, shown: str) -> None:
    assert masked(words.split(" "), [Guarded()]) == shown


def test_the_rest_is_quoted_as_for_a_shell() -> None:
    assert masked(["load.py", "two words", "", "it's"]) == """load.py 'two words' '' 'it'"'"'s'"""


def test_a_value_that_was_not_asked_for_here_is_no_secret() -> None:
    def other() -> Any:
        return Guarded(code_word="elsewhere")

    other()
    assert masked(["luigi", "--day", "elsewhere"], [Guarded()]) == "luigi --day elsewhere"
