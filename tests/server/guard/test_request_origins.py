"""Where calls come from."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.errors import ConfigurationError
from luigi.server.config import ServerSettings
from luigi.server.guard.origins import Origins

PROXIES = ("10.0.0.1", "10.9.0.0/16")


def origins(*proxies: str, **settings: Any) -> Origins:
    return Origins(ServerSettings(trusted_proxies=proxies, **settings))


def env(peer: str = "10.0.0.1", **headers: str) -> dict[str, Any]:
    said = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    return {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http", "HTTP_HOST": "here:8082", **said}


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.9.1.1", "203.0.113.9", "203.0.113.9"),
        ("::ffff:10.9.1.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "1.1.1.1, 203.0.113.9, 10.9.0.7", "203.0.113.9"),
        ("10.0.0.1", "10.9.0.7", "10.9.0.7"),
        ("10.0.0.1", "203.0.113.9:4711", "203.0.113.9"),
        ("10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
        ("10.0.0.1", "fe80::1%zone" + "z" * 1000, "fe80::1"),
        ("10.0.0.1", "1.1.1.1, " * 1000 + "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "10.9.0.7, " * 1000 + "10.9.0.8", "10.0.0.1"),
        ("10.0.0.1", "<script>", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("192.0.2.1", "203.0.113.9", "192.0.2.1"),
    ],
)
def test_the_address_of_who_calls(peer: str, forwarded: str, address: str) -> None:
    assert origins(*PROXIES).address(env(peer, x_forwarded_for=forwarded)) == address


def test_nobody_is_believed_unless_named() -> None:
    call = env("127.0.0.1", x_forwarded_for="203.0.113.9", x_forwarded_proto="https", x_forwarded_host="elsewhere")
    assert origins().address(call) == "127.0.0.1"
    assert origins().scheme(call) == "http"
    assert origins().host(call) == "here:8082"


def test_what_the_browser_sees() -> None:
    call = env(x_forwarded_proto="https", x_forwarded_host="guessed, Luigi.example.com")
    assert origins(*PROXIES).scheme(call) == "https"
    assert origins(*PROXIES).host(call) == "luigi.example.com"


def test_a_unix_socket_has_no_address() -> None:
    call = env("localhost", x_forwarded_for="203.0.113.9")
    assert origins(unix_socket="/run/luigi").address(call) == ""
    assert origins("unix", unix_socket="/run/luigi").address(call) == "203.0.113.9"


def test_a_proxy_that_is_no_address_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"\[server\] trusted_proxies: 'the proxy'"):
        origins("the proxy")
