"""The tokens in force, as their file changes."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from luigi.server.config import ServerSettings
from luigi.server.guard import token_file
from luigi.server.guard.keyring import LOOK, Keyring, has_authentication
from luigi.server.guard.token_file import TokensUnread
from luigi.server.guard.tokens import BadToken, digest_of, new_secret, token
from luigi.testing import FakeClock


def keyring_of(path: Path | str, clock: FakeClock, environment: str = "") -> Keyring:
    return Keyring(ServerSettings(tokens_file=str(path)), clock, {"LUIGI_SERVER_TOKENS": environment})


def line(name: str, secret: str, role: str = "worker") -> str:
    return str(token(name, role, digest_of(secret)))


def test_a_secret_finds_its_token(tokens_file: Path, secrets: dict[str, str], clock: FakeClock) -> None:
    keyring = keyring_of(tokens_file, clock)
    assert {role: keyring.find(secret).name for role, secret in secrets.items()} == {role: role for role in secrets}


@pytest.mark.parametrize("wrong", ["", "luigi_", "viewer", "Grüße", "\udce4", "a" * 100_000])
def test_another_secret_finds_none(tokens_file: Path, secrets: dict[str, str], clock: FakeClock, wrong: str) -> None:
    keyring = keyring_of(tokens_file, clock)
    assert keyring.find(wrong) is None
    assert keyring.find(digest_of(secrets["viewer"])) is None, "who can read the file can not use what is in it"


@pytest.mark.parametrize("between", ["\n", ",", " ", ", \n"])
def test_tokens_of_the_environment(clock: FakeClock, between: str) -> None:
    keyring = keyring_of("", clock, between.join([line("ann", "one"), line("bob", "two")]))
    assert (keyring.find("one").name, keyring.find("two").name) == ("ann", "bob")


def test_both_count_and_names_are_taken_once(tokens_file: Path, secrets: dict[str, str], clock: FakeClock) -> None:
    keyring = keyring_of(tokens_file, clock, line("ann", "one"))
    assert keyring.find("one").name == "ann"
    assert keyring.find(secrets["viewer"]).name == "viewer"
    with pytest.raises(BadToken, match="a token of the same name"):
        keyring_of(tokens_file, clock, line("viewer", "one"))


def test_a_server_does_not_start_without_the_tokens_it_is_to_have(tmp_path: Path, clock: FakeClock) -> None:
    with pytest.raises(TokensUnread, match="there is no tokens file"):
        keyring_of(tmp_path / "tokens", clock)
    with pytest.raises(BadToken, match="LUIGI_SERVER_TOKENS, line 1"):
        keyring_of("", clock, "nonsense")


def test_changes_are_seen_within_a_second(tokens_file: Path, secrets: dict[str, str], clock: FakeClock) -> None:
    keyring, secret = keyring_of(tokens_file, clock), new_secret()
    token_file.add(tokens_file, token("new", "viewer", digest_of(secret)))
    token_file.remove(tokens_file, "worker")
    clock.advance(LOOK)
    assert keyring.find(secret).name == "new"
    assert keyring.find(secrets["worker"]) is None
    assert keyring.named("worker") is None


@pytest.mark.parametrize("harm", ["chmod", "wrong", "gone"])
def test_a_slip_shuts_nobody_out_and_is_in_the_log(
    tokens_file: Path, secrets: dict[str, str], clock: FakeClock, harm: str, caplog: pytest.LogCaptureFixture
) -> None:
    keyring = keyring_of(tokens_file, clock)
    good = tokens_file.read_text()
    if harm == "chmod":
        tokens_file.chmod(0o644)
    elif harm == "wrong":
        tokens_file.write_text("nonsense\n")
    else:
        tokens_file.unlink()
    with caplog.at_level(logging.ERROR, "luigi.server"):
        for _ in range(3):
            clock.advance(LOOK)
            assert keyring.find(secrets["worker"]).name == "worker"
    assert [record.message.endswith("the tokens of before stay in force") for record in caplog.records] == [True]
    tokens_file.unlink(missing_ok=True)
    tokens_file.touch(0o600)
    tokens_file.write_text("\n".join(line for line in good.splitlines() if not line.startswith("worker")))
    clock.advance(LOOK)
    assert keyring.find(secrets["worker"]) is None
    assert keyring.find(secrets["viewer"]).name == "viewer"


def test_an_empty_file_shuts_everybody_out(tokens_file: Path, secrets: dict[str, str], clock: FakeClock) -> None:
    keyring = keyring_of(tokens_file, clock)
    tokens_file.write_text("")
    clock.advance(LOOK)
    assert [keyring.find(secret) for secret in secrets.values()] == [None] * 3


def test_tokens_of_the_environment_are_authentication() -> None:
    assert has_authentication(ServerSettings(), {"LUIGI_SERVER_TOKENS": "x:viewer:sha256$0"})
    assert not has_authentication(ServerSettings(), {})
