"""Being let in by a server that speaks SFTP: whose key is trusted, and what is shown to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from luigi.contrib._ftp import settings
from luigi.contrib._ftp.errors import UnknownOption
from luigi.contrib._ftp.server import Server, myself
from luigi.extras import need

OPTIONS = ("private_key", "private_key_pass", "ciphers", "log", "cnopts", "default_path")
"""What `pysftp.Connection` takes beside the server."""

ALIVE = 30
"""Seconds after which a silent connection is asked whether it is still there."""


@contextmanager
def greeted(paramiko: Any, server: Server) -> Iterator[Any]:
    """A client of paramiko that has been let in. Raises its errors, ConfigurationError and UnknownOption."""
    for name in server.options:
        if name not in OPTIONS:
            raise UnknownOption(name, ", ".join(OPTIONS))
    configured = settings.sftp()
    options = _options(server.options, configured)
    if log := options["log"]:
        paramiko.util.log_to_file("paramiko.log" if log is True else log)
    with paramiko.SSHClient() as client:
        _trust(paramiko, client, server.options.get("cnopts"), configured)
        client.connect(server.host, server.port, **_login(server, configured, options))
        client.get_transport().set_keepalive(ALIVE)
        with client.open_sftp() as sftp:
            sftp.get_channel().settimeout(server.timeout)
            if folder := options["default_path"]:
                sftp.chdir(folder)
            yield sftp


def _options(given: Mapping[str, Any], configured: settings.SftpSettings) -> dict[str, Any]:
    of_cnopts = given.get("cnopts")
    return {
        "private_key": _key(given.get("private_key"), configured),
        "private_key_pass": given.get("private_key_pass") or configured.key_pass or None,
        "ciphers": given.get("ciphers") or getattr(of_cnopts, "ciphers", None),
        "log": given.get("log") or getattr(of_cnopts, "log", False),
        "compress": bool(getattr(of_cnopts, "compression", False)),
        "default_path": given.get("default_path"),
    }


def _key(given: Any, configured: settings.SftpSettings) -> Any:
    """The file of a key, or a key of paramiko, or neither."""
    if isinstance(given, str):
        return settings.file_of("private_key", given)
    if given is None and configured.key_file:
        return settings.file_of("[sftp] key_file", configured.key_file)
    return given


def _trust(paramiko: Any, client: Any, cnopts: Any, configured: settings.SftpSettings) -> None:
    """Whose key is accepted: as pysftp's CnOpts say, which know no host's where none is to be asked for."""
    checks = configured.check_host_key if cnopts is None else cnopts.hostkeys is not None
    if not checks:
        client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    elif cnopts is not None:
        client.get_host_keys().update(cnopts.hostkeys)
    else:
        known = configured.known_hosts
        client.load_system_host_keys(settings.file_of("[sftp] known_hosts", known) if known else None)


def _login(server: Server, configured: settings.SftpSettings, options: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of paramiko's `connect`. Where something is given to show, no key of the user is shown before."""
    user, password = server.account(configured)
    key = options["private_key"]
    seconds = dict.fromkeys(("timeout", "banner_timeout", "auth_timeout", "channel_timeout"), server.timeout)
    searches = not (key or password)
    return {
        **seconds,
        "username": user or myself(),
        "password": password,
        "key_filename": key if isinstance(key, str) else None,
        "pkey": None if isinstance(key, str) else key,
        "passphrase": options["private_key_pass"],
        "compress": options["compress"],
        "allow_agent": searches,
        "look_for_keys": searches,
        "transport_factory": _transports(options["ciphers"]),
    }


def _transports(ciphers: Any) -> Callable[..., Any]:
    def transport(sock: Any, **keywords: Any) -> Any:
        made = need("paramiko", "ftp").Transport(sock, **keywords)
        if ciphers:
            made.get_security_options().ciphers = tuple(ciphers)
        return made

    return transport
