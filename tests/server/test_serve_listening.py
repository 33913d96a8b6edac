"""Where the server listens, and where it does not without being told."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from luigi.server.config import ServerSettings
from luigi.server.http.listening import CannotListen, OpenToEverybody, sockets, url_of


@contextmanager
def listening(**options: Any) -> Iterator[list[socket.socket]]:
    bound = sockets(ServerSettings(**{"port": 0, **options}))
    try:
        yield bound
    finally:
        for one in bound:
            one.close()


def there_is_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def test_both_addresses_of_this_machine_on_one_port() -> None:
    with listening() as bound:
        names = [one.getsockname()[:2] for one in bound]
        port = names[0][1]
        assert names == [("127.0.0.1", port), ("::1", port)][: 2 if there_is_ipv6() else 1]
        socket.create_connection(("127.0.0.1", port), 5).close()


@pytest.mark.parametrize("address", ["127.0.0.1", "127.1.2.3", "localhost"])
def test_one_address(address: str) -> None:
    with listening(address=address) as bound:
        assert all(one.getsockname()[0] in ("127.0.0.1", "127.1.2.3", "::1") for one in bound)


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.1", "10.0.0.1"])
def test_a_public_address_needs_authentication(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LUIGI_SERVER_TOKENS", raising=False)
    with pytest.raises(OpenToEverybody) as caught, listening(address=address):
        pass
    assert address in str(caught.value)
    assert "--insecure" in caught.value.hint


@pytest.mark.parametrize("options", [{"insecure": True}, {"tokens_file": "t"}, {"authenticators": ("trusted_proxy",)}])
def test_a_public_address_that_is_meant_or_guarded(options: dict[str, Any]) -> None:
    with listening(address="0.0.0.0", **options) as bound:
        assert bound[0].getsockname()[0] == "0.0.0.0"


def test_a_port_that_is_taken() -> None:
    with listening() as bound:
        port = bound[0].getsockname()[1]
        with pytest.raises(CannotListen, match=f"127.0.0.1, port {port}: Address already in use") as caught:
            sockets(ServerSettings(port=port))
    assert "--port" in caught.value.hint


def test_a_taken_port_leaves_nothing_bound() -> None:
    """The second address is refused: the first is given back."""
    if not there_is_ipv6():
        pytest.skip("there is no second address here")
    with closing(socket.socket(socket.AF_INET6)) as other:
        other.bind(("::1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CannotListen, match=f"::1, port {port}"):
            sockets(ServerSettings(port=port))
        with closing(socket.socket()) as again:
            again.bind(("127.0.0.1", port))


def test_an_address_that_is_none() -> None:
    with (
        pytest.raises(CannotListen, match="cannot listen at no.such.host.invalid"),
        listening(address="no.such.host.invalid"),
    ):
        pass


# --- Unix sockets ----------------------------------------------------------------------------------------------------


def test_a_unix_socket_is_for_its_user_alone(tmp_path: Path) -> None:
    path = str(tmp_path / "s")
    before = os.umask(0)
    try:
        with listening(unix_socket=path) as bound:
            assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
            assert url_of(bound[0]) == f"http+unix://{path.replace('/', '%2F')}/"
    finally:
        assert os.umask(before) == 0, "the mask of new files is as it was"


def test_what_a_dead_server_left_is_replaced(tmp_path: Path) -> None:
    path = str(tmp_path / "s")
    with listening(unix_socket=path):
        pass
    with listening(unix_socket=path), socket.socket(socket.AF_UNIX) as caller:
        caller.connect(path)


def test_a_living_servers_socket_is_left(tmp_path: Path) -> None:
    path = str(tmp_path / "s")
    with listening(unix_socket=path):
        with pytest.raises(CannotListen, match="listens at .* already"):
            sockets(ServerSettings(unix_socket=path))
        with socket.socket(socket.AF_UNIX) as caller:
            caller.connect(path)


def test_a_file_is_left(tmp_path: Path) -> None:
    path = tmp_path / "precious"
    path.write_text("data")
    with pytest.raises(CannotListen, match="is no socket"):
        sockets(ServerSettings(unix_socket=str(path)))
    assert path.read_text() == "data"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CannotListen, match="No such file or directory"):
        sockets(ServerSettings(unix_socket=str(tmp_path / "none" / "s")))


def test_no_more_connections_than_the_system_allows_files() -> None:
    """Whoever cannot be let in waits; a server without files could not even turn them away."""
    program = "import resource as r; r.setrlimit(r.RLIMIT_NOFILE, (300, 300))\n"
    program += "from luigi.server.open_house import _files_for; print(_files_for(20), _files_for(1000))"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["20", "44"]
    assert "allows 300 open files: there can be 44 connections" in said.stderr
