"""Authenticators that do one thing wrong, each with the tests of the suite that must find it out."""

from __future__ import annotations

import threading

import pytest

from luigi.authentication import Recognised
from luigi.testing.contracts import AuthenticatorContract
from luigi.testing.contracts.authenticators import call

SUITE = AuthenticatorContract

PEOPLE = {"k3y-of-ann": Recognised("ann", "operator"), "k3y-of-bob": Recognised("bob", "viewer")}


class Sound:
    """Does as it should: knows people by a key."""

    def __init__(self):
        self.maker = threading.get_ident()

    def recognise(self, caller):
        return PEOPLE.get(caller.headers.get("x-key"))


class TestSound(AuthenticatorContract):
    kind = Sound
    secrets = tuple(PEOPLE)
    caught_by = set()

    @pytest.fixture
    def authenticator(self):
        return self.kind()

    @pytest.fixture
    def known(self):
        return [(call(x_key=key), who) for key, who in PEOPLE.items()]

    @pytest.fixture
    def unknown(self):
        return [call(), call(x_key="guessed"), call(x_key="k3y-of-an")]


class TestEverybodyIsAnn(TestSound):
    caught_by = {"test_who_is_known_is_recognised"}

    class kind(Sound):
        def recognise(self, caller):
            return PEOPLE["k3y-of-ann"] if super().recognise(caller) else None


class TestAnotherRole(TestSound):
    caught_by = {"test_a_name_and_a_role_are_told", "test_who_is_known_is_recognised"}

    class kind(Sound):
        def recognise(self, caller):
            found = super().recognise(caller)
            return found and found._replace(role="admin")


class TestBeginningsOfKeysDo(TestSound):
    caught_by = {"test_of_nobody_known_it_says_nothing"}

    class kind(Sound):
        def recognise(self, caller):
            shown = caller.headers.get("x-key")
            return next((who for key, who in PEOPLE.items() if shown and key.startswith(shown)), None)


class TestRemembersTheLastOne(TestSound):
    caught_by = {"test_who_called_before_does_not_matter"}

    class kind(Sound):
        last = None

        def recognise(self, caller):
            self.last = super().recognise(caller) or self.last
            return self.last


class TestKnowsTheAddress(TestSound):
    caught_by = {"test_credentials_are_needed"}

    class kind(Sound):
        def recognise(self, caller):
            if caller.headers.get("x-key", "k3y") not in PEOPLE and "x-key" in caller.headers:
                return None
            return super().recognise(caller) or PEOPLE["k3y-of-bob"]


class TestAnEmptyKeyOpens(TestSound):
    caught_by = {"test_what_makes_no_sense_gets_nobody_more"}

    class kind(Sound):
        def recognise(self, caller):
            if caller.headers.get("x-key") == "":
                return PEOPLE["k3y-of-ann"]
            return super().recognise(caller)


class TestErrorsTellKeys(TestSound):
    caught_by = {"test_what_makes_no_sense_gets_nobody_more"}

    class kind(Sound):
        def recognise(self, caller):
            if caller.headers.get("x-key", "").strip("\x00") != caller.headers.get("x-key", ""):
                raise ValueError(f"not among {list(PEOPLE)}")
            return super().recognise(caller)


class TestOfOneThread(TestSound):
    caught_by = {"test_any_thread_may_ask"}

    class kind(Sound):
        def recognise(self, caller):
            return super().recognise(caller) if threading.get_ident() == self.maker else None


class TestReprTellsKeys(TestSound):
    caught_by = {"test_reprs_tell_no_secret"}

    class kind(Sound):
        def __repr__(self):
            return f"Authenticator({PEOPLE})"
