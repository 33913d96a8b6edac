"""Sessions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luigi.server.config import ServerSettings
from luigi.server.guard import token_file
from luigi.server.guard.identity import Role
from luigi.server.guard.keyring import LOOK, Keyring
from luigi.server.guard.sessions import Sessions
from luigi.server.guard.tokens import digest_of, token
from luigi.testing import FakeClock


def sessions_of(tokens_file: Path, clock: FakeClock, **further: Any) -> tuple[Sessions, Keyring]:
    made = ServerSettings(tokens_file=str(tokens_file), **further)
    keyring = Keyring(made, clock, {})
    return Sessions(made, keyring, clock), keyring


@pytest.fixture
def both(tokens_file: Path, secrets: dict[str, str], clock: FakeClock) -> tuple[Sessions, Keyring]:
    return sessions_of(tokens_file, clock)


@pytest.fixture
def sessions(both: tuple[Sessions, Keyring]) -> Sessions:
    return both[0]


@pytest.fixture
def cookie(both: tuple[Sessions, Keyring], secrets: dict[str, str]) -> str:
    """Of a worker who has just signed in."""
    return both[0].begin(both[1].find(secrets["worker"]))


def test_a_session_is_its_tokens_owner(sessions: Sessions, cookie: str) -> None:
    found = sessions.find(cookie)
    assert (found.name, found.role) == ("worker", Role.WORKER)
    assert found.session


def test_two_sessions_differ(sessions: Sessions, both: tuple[Sessions, Keyring], secrets: dict[str, str]) -> None:
    one, two = [sessions.find(sessions.begin(both[1].find(secrets["worker"]))).session for _ in "12"]
    assert one != two
    assert sessions.proof(one) != sessions.proof(two)


def test_it_ends_after_its_hours(sessions: Sessions, cookie: str, clock: FakeClock) -> None:
    clock.advance(12 * 3600 - 1)
    assert sessions.find(cookie) is not None
    clock.advance(1)
    assert sessions.find(cookie) is None


def test_it_ends_when_its_owner_signs_out(sessions: Sessions, cookie: str) -> None:
    sessions.end(sessions.find(cookie).session)
    assert sessions.find(cookie) is None


def test_it_ends_with_its_token(sessions: Sessions, cookie: str, tokens_file: Path, clock: FakeClock) -> None:
    token_file.remove(tokens_file, "worker")
    clock.advance(LOOK)
    assert sessions.find(cookie) is None
    token_file.add(tokens_file, token("worker", "operator", digest_of("another")))
    clock.advance(LOOK)
    assert sessions.find(cookie) is None, "a new token of the same name is another"


def test_its_role_is_the_tokens_now(sessions: Sessions, cookie: str, tokens_file: Path, clock: FakeClock) -> None:
    tokens_file.write_text(tokens_file.read_text().replace("worker:worker", "worker:viewer"))
    clock.advance(LOOK)
    assert sessions.find(cookie).role is Role.VIEWER


def test_another_start_knows_none_unless_the_secret_is_given(
    tokens_file: Path, secrets: dict[str, str], clock: FakeClock, cookie: str
) -> None:
    assert sessions_of(tokens_file, clock)[0].find(cookie) is None
    first, keyring = sessions_of(tokens_file, clock, session_secret="ours")
    kept = first.begin(keyring.find(secrets["worker"]))
    assert sessions_of(tokens_file, clock, session_secret="ours")[0].find(kept).name == "worker"
    assert sessions_of(tokens_file, clock, session_secret="others")[0].find(kept) is None


@given(place=st.integers(0, 300), letter=st.sampled_from("aZ0-_."))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_changed_cookie_is_nobodys(sessions: Sessions, cookie: str, place: int, letter: str) -> None:
    """But for the last letter of the signature, some bits of which say nothing."""
    place %= len(cookie) - 1
    changed = cookie[:place] + letter + cookie[place + 1 :]
    assert changed == cookie or sessions.find(changed) is None


@pytest.mark.parametrize("nonsense", ["", ".", "a.b", "W10.", "Grüße", "\x00", "a" * 100_000])
def test_nonsense_is_nobodys(sessions: Sessions, nonsense: str) -> None:
    assert sessions.find(nonsense) is None


def test_a_proof_is_for_one_session(sessions: Sessions, cookie: str) -> None:
    session = sessions.find(cookie).session
    assert sessions.proves(session, sessions.proof(session))
    wrong = [None, "", "x", "Grüße", sessions.proof("another"), [sessions.proof(session)], 3]
    assert not [proof for proof in wrong if sessions.proves(session, proof)]


def test_a_session_is_no_proof_and_a_proof_no_session(sessions: Sessions, cookie: str) -> None:
    session = sessions.find(cookie).session
    assert not sessions.proves(session, cookie.rpartition(".")[2])
    assert sessions.find(f"{session}.{sessions.proof(session)}") is None


def test_two_servers_on_one_host_have_two_cookies(tokens_file: Path, secrets: dict[str, str], clock: FakeClock) -> None:
    assert sessions_of(tokens_file, clock)[0].cookie != sessions_of(tokens_file, clock, port=8083)[0].cookie
