"""Files of other machines by URL: which target comes of which URL. tests/contrib/remote has them read and written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from luigi.contrib import ftp as contrib_ftp
from luigi.contrib import ssh as contrib_ssh
from luigi.errors import ConfigurationError, KernelError
from luigi.format import Gzip
from luigi.plugin_manager import PluginManager
from luigi.plugins.targets import ftp, ssh
from luigi.testing.contracts import PluginContract


class TestSshTargetPluginContract(PluginContract):
    plugin = ssh


class TestFtpTargetPluginContract(PluginContract):
    plugin = ftp


@pytest.fixture
def plugins() -> PluginManager:
    manager = PluginManager()
    for plugin in (ftp, ssh):
        manager.register(plugin, plugin.__name__)
    return manager


@pytest.fixture
def open_target(plugins: PluginManager) -> Callable[..., Any]:
    return lambda url, **keywords: plugins.make("targets", url.partition(":")[0], url, **keywords)


@pytest.mark.parametrize(
    ("url", "user", "host", "port", "path"),
    [
        ("ssh://machine/data/a", None, "machine", None, "/data/a"),
        ("ssh://me@machine:2222/data/a%20b?c#d", "me", "machine", 2222, "/data/a%20b?c#d"),
        ("ssh://m%40e@[::1]:22/~/a", "m@e", "::1", 22, "a"),
        ("ssh://machine//data/a", None, "machine", None, "//data/a"),
    ],
)
def test_ssh_urls(open_target: Callable[..., Any], url: str, user: Any, host: str, port: Any, path: str) -> None:
    target = open_target(url, format=Gzip, key_file="/key")
    assert type(target) is contrib_ssh.RemoteTarget
    context = target.fs.remote_context
    assert (context.username, context.host, context.port, context.key_file) == (user, host, port, "/key")
    assert (target.path, target.format) == (path, Gzip)


@pytest.mark.parametrize(
    ("scheme", "tls", "sftp", "port"), [("ftp", False, False, 21), ("ftps", True, False, 21), ("sftp", False, True, 22)]
)
def test_ftp_urls(open_target: Callable[..., Any], scheme: str, tls: bool, sftp: bool, port: int) -> None:
    target = open_target(f"{scheme}://me@server/data/a", format=Gzip, timeout=7)
    assert type(target) is contrib_ftp.RemoteTarget
    assert (target.path, target.format, target.tls, target.sftp, target.timeout) == ("/data/a", Gzip, tls, sftp, 7)
    assert (target.fs.host, target.fs.username, target.fs.port) == ("server", "me", port)
    assert open_target(f"{scheme}://server:2121/~/a").fs.port == 2121
    assert open_target(f"{scheme}://server:2121/~/a").path == "a"


def test_a_url_may_leave_the_host_to_the_configuration(open_target: Callable[..., Any], luigi_config: Any) -> None:
    with pytest.raises(KernelError, match="ftp:///a names no host, and none is configured"):
        open_target("ftp:///a")
    luigi_config("ftp", host="one")
    luigi_config("sftp", host="two")
    assert [open_target(url).fs.host for url in ("ftp:///a", "ftps:///a", "sftp:///a")] == ["one", "one", "two"]


@pytest.mark.parametrize("scheme", ["ssh", "ftp", "ftps", "sftp"])
def test_a_password_does_not_belong_in_a_url(open_target: Callable[..., Any], scheme: str) -> None:
    for user in ("me:a-secret", ":a-secret", "me:a-secret@x"):
        with pytest.raises(ValueError, match="a password does not belong in a URL") as caught:
            open_target(f"{scheme}://{user}@machine/a")
        assert "a-secret" not in f"{caught.value}{caught.value.hint}"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "url", ["ssh:/data/a", "ssh:a", "ssh://machine", "ssh://machine/", "ssh://machine:port/a", "ssh://[::1/a"]
)
def test_other_urls(open_target: Callable[..., Any], url: str) -> None:
    with pytest.raises(KernelError, match="does not say where a file is"):
        open_target(url)


def test_a_host_is_no_option(open_target: Callable[..., Any]) -> None:
    with pytest.raises(KernelError, match="'-oProxyCommand=id' is the name of no host"):
        open_target("ssh://-oProxyCommand=id/a")


def test_a_wrong_section_is_said_when_a_url_is_opened(open_target: Callable[..., Any], luigi_config: Any) -> None:
    luigi_config("ftp", usernmae="me")
    with pytest.raises(ConfigurationError, match="usernmae"):
        open_target("ftp://server/a")


# --- self-tests ------------------------------------------------------------------------------------------------------


def checked(plugins: PluginManager, name: str) -> str | None:
    provider = plugins.providers("targets")[name]
    assert provider.check is not None
    return provider.check(*plugins.settings(provider))


def test_the_check_of_ssh(plugins: PluginManager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert checked(plugins, "ssh") == "not tried: there is no program ssh"
    (tmp_path / "ssh").write_text("#!/bin/sh\n[ $1 = -V ] && echo OpenSSH_9 >&2\n")
    (tmp_path / "ssh").chmod(0o755)
    assert checked(plugins, "ssh") == "OpenSSH_9"


@pytest.mark.parametrize("name", ["ftp", "sftp"])
def test_the_check_asks_no_server_that_is_not_configured(plugins: PluginManager, name: str) -> None:
    assert checked(plugins, name) == "not tried: no host is configured"


def test_the_check_asks_the_server_that_is(plugins: PluginManager, luigi_config: Any) -> None:
    luigi_config("ftp", host="127.0.0.1", attempts=1)
    with pytest.raises(contrib_ftp.ServerUnavailable, match="127.0.0.1:21 does not answer"):
        checked(plugins, "ftp")
