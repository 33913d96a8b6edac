"""What every authenticator must do, as a pytest class to subclass.

class TestMyAuthenticator(AuthenticatorContract):
    secrets = ("a-key",)

    @pytest.fixture
    def authenticator(self):
        return MyAuthenticator(Settings(key="a-key"))

    @pytest.fixture
    def known(self):
        return [(call(**{"x-key": "a-key"}), Recognised("ann", "operator"))]

    @pytest.fixture
    def unknown(self):
        return [call(), call(**{"x-key": "another"})]
"""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from functools import partial
from types import MappingProxyType

import pytest

from luigi.authentication import ROLES, Authenticator, Caller, Recognised
from luigi.testing.contracts.contract import Contract
from luigi.testing.contracts.threads import in_another_thread

Known = Sequence[tuple[Caller, Recognised]]

HOSTILE = ("", " ", ",", "a" * 10_000, "Grüße", "\N{SNOWMAN}", "\udce4", "a\tb", "' OR 1=1 --", "%s{}", "\x00")
"""Values that a header may have when it comes from somebody who means no good."""


def call(address: str = "127.0.0.1", path: str = "/api/v1/counts", **headers: str) -> Caller:
    """A call with these headers; an underscore in a name stands for a hyphen."""
    named = {name.lower().replace("_", "-"): value for name, value in headers.items()}
    return Caller(address, MappingProxyType(named), "GET", path)


class AuthenticatorContract(Contract):
    """Telling who calls: the same every time, nobody by mistake, and no secret to anybody."""

    secrets: Sequence[str] = ()
    """What the tested authenticator knows and must tell nobody: keys, passwords."""

    @pytest.fixture
    def authenticator(self) -> Authenticator:
        """The authenticator to test."""
        raise NotImplementedError("give an `authenticator` fixture")

    @pytest.fixture
    def known(self) -> Known:
        """Calls, and who makes them."""
        raise NotImplementedError("give a `known` fixture")

    @pytest.fixture
    def unknown(self) -> Sequence[Caller]:
        """Calls by nobody it knows: without credentials, with wrong ones, from elsewhere."""
        raise NotImplementedError("give an `unknown` fixture")

    def test_who_is_known_is_recognised(self, authenticator: Authenticator, known: Known) -> None:
        assert known
        assert [authenticator.recognise(caller) for caller, _ in known] == [who for _, who in known]

    def test_a_name_and_a_role_are_told(self, authenticator: Authenticator, known: Known) -> None:
        found = [authenticator.recognise(caller) for caller, _ in known]
        assert all(one is not None and one.name and one.role in ROLES for one in found)

    def test_of_nobody_known_it_says_nothing(self, authenticator: Authenticator, unknown: Sequence[Caller]) -> None:
        assert unknown
        assert [authenticator.recognise(caller) for caller in unknown] == [None] * len(unknown)

    def test_who_called_before_does_not_matter(
        self, authenticator: Authenticator, known: Known, unknown: Sequence[Caller]
    ) -> None:
        for _ in range(3):
            for caller, who in known:
                assert authenticator.recognise(caller) == who
                assert [authenticator.recognise(other) for other in unknown] == [None] * len(unknown)

    def test_credentials_are_needed(self, authenticator: Authenticator, known: Known) -> None:
        for caller, _ in known:
            assert authenticator.recognise(caller._replace(headers={})) is None

    @pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
    def test_what_makes_no_sense_gets_nobody_more(
        self, authenticator: Authenticator, unknown: Sequence[Caller], value: str
    ) -> None:
        """Refusing the call, by raising, is as good as saying nothing."""
        for caller in unknown:
            hostile = caller._replace(headers=dict.fromkeys([*caller.headers, "authorization", "cookie"], value))
            try:
                assert authenticator.recognise(hostile) is None
            except AssertionError:
                raise
            except Exception as error:
                told = "".join(traceback.format_exception(error))
                assert not [secret for secret in self.secrets if secret in told]

    def test_any_thread_may_ask(self, authenticator: Authenticator, known: Known) -> None:
        for caller, who in known:
            assert in_another_thread(partial(authenticator.recognise, caller)) == who

    def test_reprs_tell_no_secret(self, authenticator: Authenticator) -> None:
        assert not [secret for secret in self.secrets if secret in repr(authenticator)]
