"""Tokens: their lines, their secrets."""

from __future__ import annotations

import pytest

from luigi.server.guard.identity import Role
from luigi.server.guard.tokens import BadToken, digest_of, new_secret, parse, token

DIGEST = digest_of("a secret")


def test_a_line_says_name_role_and_digest() -> None:
    (found,) = parse([f"ann:operator:{DIGEST}\n"], "here")
    assert found == ("ann", Role.OPERATOR, DIGEST)
    assert str(found) == f"ann:operator:{DIGEST}"


def test_comments_and_empty_lines_say_nothing() -> None:
    assert [one.name for one in parse(["# of the team", "", "  ", f" ann:viewer:{DIGEST} "], "here")] == ["ann"]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("ann", "not NAME:ROLE:sha256"),
        (f"ann:operator:{DIGEST}:more", "not NAME:ROLE:sha256"),
        (f"ann:operatr:{DIGEST}", "'operatr' is no role"),
        (f"ann:anyone:{DIGEST}", "'anyone' is no role"),
        (f":viewer:{DIGEST}", "the name of a token"),
        (f"a b:viewer:{DIGEST}", "the name of a token"),
        (f"{'a' * 65}:viewer:{DIGEST}", "the name of a token"),
        ("ann:viewer:a-secret-in-the-clear", "not `sha256"),
        (f"ann:viewer:{DIGEST[:-1]}", "not `sha256"),
        (f"ann:viewer:{DIGEST.upper()}", "not `sha256"),
    ],
)
def test_a_wrong_line_is_named_and_not_shown(line: str, complaint: str) -> None:
    with pytest.raises(BadToken, match=f"^here, line 2: .*{complaint}") as caught:
        parse(["", line], "here")
    assert "a-secret-in-the-clear" not in str(caught.value) + caught.value.hint
    assert caught.value.hint or "name" in str(caught.value)


def test_a_slip_in_a_role_is_put_right() -> None:
    with pytest.raises(BadToken) as caught:
        token("ann", "operatr", DIGEST)
    assert caught.value.hint == "did you mean operator?"


def test_two_tokens_have_two_names() -> None:
    with pytest.raises(BadToken, match="line 2: there is a token ann already"):
        parse([f"ann:viewer:{DIGEST}", f"ann:operator:{DIGEST}"], "here")


def test_secrets_are_long_differ_and_fit_into_a_url() -> None:
    made = {new_secret() for _ in range(100)}
    assert len(made) == 100
    assert all(len(secret) >= 49 and secret.replace("_", "").replace("-", "").isalnum() for secret in made)
