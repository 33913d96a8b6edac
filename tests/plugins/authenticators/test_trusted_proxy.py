"""People whom a proxy names in headers."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.authentication import Caller, Recognised
from luigi.errors import ConfigurationError
from luigi.plugins.authenticators import trusted_proxy
from luigi.plugins.authenticators.trusted_proxy import Settings, TrustedProxy
from luigi.testing.contracts import AuthenticatorContract, PluginContract
from luigi.testing.contracts.authenticators import call

PROXY = "10.1.2.3"


def recognised(caller: Caller, **settings: Any) -> Recognised | None:
    return TrustedProxy(Settings(**{"proxies": (PROXY,), **settings})).recognise(caller)


class TestTrustedProxyPlugin(PluginContract):
    plugin = trusted_proxy


class TestTrustedProxy(AuthenticatorContract):
    secrets = ("between us",)

    @pytest.fixture
    def authenticator(self):
        return TrustedProxy(
            Settings(
                ("10.1.0.0/16", "::1"),
                secret="between us",
                viewers=("@staff",),
                workers=("farm",),
                operators=("ann", "@ops"),
            )
        )

    @pytest.fixture
    def known(self):
        secret = {"x_proxy_secret": "between us"}
        return [
            (call(PROXY, x_forwarded_user="ann", **secret), Recognised("ann", "operator")),
            (call("::1", x_forwarded_user="farm", x_forwarded_groups="staff", **secret), Recognised("farm", "worker")),
            (
                call(PROXY, x_forwarded_user="bob", x_forwarded_groups="staff, ops", **secret),
                Recognised("bob", "operator"),
            ),
            (call("::ffff:10.1.2.3", x_forwarded_user="ann", **secret), Recognised("ann", "operator")),
        ]

    @pytest.fixture
    def unknown(self):
        secret = {"x_proxy_secret": "between us"}
        return [
            call(PROXY, x_forwarded_user="ann"),
            call(PROXY, x_forwarded_user="ann", x_proxy_secret="guessed"),
            call("10.2.0.1", x_forwarded_user="ann", **secret),
            call("", x_forwarded_user="ann", **secret),
            call("nowhere", x_forwarded_user="ann", **secret),
            call(PROXY, x_forwarded_user="carl", x_forwarded_groups="guests", **secret),
            call(PROXY, x_forwarded_user="@ops", **secret),
            call(PROXY, x_forwarded_groups="ops", **secret),
        ]


def test_whoever_the_proxy_lets_in_may_see() -> None:
    assert recognised(call(PROXY, x_forwarded_user="anyone")) == Recognised("anyone", "viewer")


def test_a_name_that_somebody_added_refuses_the_call() -> None:
    with pytest.raises(ValueError, match="more than one name"):
        recognised(call(PROXY, x_forwarded_user="mallory, ann"))


def test_a_proxy_at_the_socket_is_believed_only_when_it_is_named() -> None:
    caller = call("", x_forwarded_user="ann")
    assert recognised(caller) is None
    assert recognised(caller, proxies=("unix",)) == Recognised("ann", "viewer")


def test_headers_can_have_other_names() -> None:
    names = {"user_header": "Remote-User", "groups_header": "Remote-Groups", "operators": ("@ops",)}
    caller = call(PROXY, remote_user="ann", remote_groups="ops", x_forwarded_user="mallory")
    assert recognised(caller, **names) == Recognised("ann", "operator")


@pytest.mark.parametrize("wrong", [{"proxies": ("the proxy",)}, {"user_header": ""}])
def test_settings_that_let_nobody_or_anybody_in_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="trusted_proxy"):
        recognised(call(), **wrong)
