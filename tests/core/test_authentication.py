"""Which proxies an option names."""

from __future__ import annotations

import pytest

from luigi.authentication import Proxies
from luigi.errors import ConfigurationError

OPTION = "[server] trusted_proxies"


@pytest.mark.parametrize(
    ("address", "believed"),
    [
        ("10.0.0.7", True),
        ("::ffff:10.0.0.7", True),
        ("10.9.1.1", True),
        ("10.8.1.1", False),
        ("2001:db8::1", True),
        ("fe80::1%eth0", True),
        ("fe80::1%" + "z" * 100, False),
        ("10.0.0.7%eth0", False),
        (" 10.0.0.7", False),
        ("unix", False),
        ("nobody", False),
        ("", False),
    ],
)
def test_addresses_and_networks(address: str, believed: bool) -> None:
    proxies = Proxies(["10.0.0.7", "10.9.3.3/16", "2001:db8::/32", "fe80::/10"], OPTION)
    assert (address in proxies) is believed


def test_a_unix_socket_is_named() -> None:
    assert "" in Proxies(["unix"], OPTION)
    assert "10.0.0.7" not in Proxies(["unix"], OPTION)


def test_what_is_no_address_is_told_with_the_option() -> None:
    with pytest.raises(ConfigurationError, match=r"\[server\] trusted_proxies: 'the proxy'") as caught:
        Proxies(["10.0.0.7", "the proxy"], OPTION)
    assert "unix" in caught.value.hint
