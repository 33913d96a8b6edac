"""The command line of `kernel serve`: its flags are the options of [server], and go before them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import pytest

from luigi.cli.usage import UnknownFlag, UsageError
from luigi.configuration import get_config
from luigi.configuration.known import KERNEL
from luigi.errors import ConfigurationError
from luigi.server.command import arguments, main, settings_of
from luigi.server.config import ServerSettings

Configure = Callable[..., None]


def settings(*argv: str) -> ServerSettings:
    return settings_of(arguments().parse_args(list(argv)))


def test_by_default_this_machine_alone() -> None:
    assert (settings().address, settings().port, settings().insecure) == ("", 8082, False)


def test_flags_go_before_the_configuration(luigi_config: Configure) -> None:
    luigi_config("server", port=99, address="::1", threads=3)
    found = settings("--port", "77", "--allowed-hosts", "a.example, b.example")
    assert (found.port, found.address, found.threads) == (77, "::1", 3)
    assert found.allowed_hosts == ("a.example", "b.example")


def test_a_switch_of_the_configuration_stays_on(luigi_config: Configure) -> None:
    luigi_config("server", insecure=True)
    assert settings().insecure


def test_every_option_has_a_flag_but_secrets() -> None:
    flags = arguments().format_help()
    missing = [one.name for one in fields(ServerSettings) if f"--{one.name.replace('_', '-')} " not in flags]
    assert missing == ["session_secret"]


def test_luigis_flags_are_there() -> None:
    luigis = [
        "--background",
        "--pidfile=p",
        "--logdir=l",
        "--state-path=s",
        "--address=a",
        "--unix-socket=u",
        "--port=1",
    ]
    given = arguments().parse_args(luigis)
    assert (given.background, given.pidfile, given.logdir, given.state_path) == (True, "p", "l", "s")


def test_the_check_of_the_configuration_knows_the_section() -> None:
    assert set(KERNEL["server"]) == {one.name for one in fields(ServerSettings)}


@pytest.mark.parametrize(
    ("argv", "kind", "says"),
    [
        (["--adress", "x"], UnknownFlag, "unknown flag --adress"),
        (["--adress=x"], UnknownFlag, "unknown flag --adress"),
        (["8082"], UsageError, "unexpected argument '8082'"),
        (["--port", "http"], UsageError, "--port"),
        (["--port"], UsageError, "--port"),
        (["--port", "65536"], ConfigurationError, "port = 65536"),
        (["--threads", "0"], ConfigurationError, "threads = 0"),
        (["--tick-interval", "nan"], ConfigurationError, "tick_interval = nan"),
        (["--url-prefix", "luigi"], ConfigurationError, "url_prefix = luigi"),
    ],
)
def test_what_cannot_be(argv: list[str], kind: type[Exception], says: str) -> None:
    with pytest.raises(kind, match=says):
        main(argv)


def test_the_nearest_flag_is_named() -> None:
    with pytest.raises(UnknownFlag) as caught:
        main(["--adress", "x"])
    assert caught.value.hint == "did you mean --address?"


def test_an_unknown_option_is_named(luigi_config: Configure) -> None:
    luigi_config("server", prot=1)
    with pytest.raises(ConfigurationError, match="no option prot") as caught:
        main([])
    assert caught.value.hint == "did you mean port?"


def test_a_configured_port_that_is_none(luigi_config: Configure) -> None:
    luigi_config("server", port="http")
    with pytest.raises(ConfigurationError, match="port = 'http' is not of type int"):
        main([])


def test_the_state_path_is_the_schedulers(luigi_config: Configure, tmp_path: object) -> None:
    """It is set before anything can go wrong with the address."""
    luigi_config("server", insecure=False)
    with pytest.raises(Exception, match="anybody"):
        main(["--address", "0.0.0.0", "--state-path", f"{tmp_path}/state"])
    assert get_config().get("scheduler", "state_path") == f"{tmp_path}/state"
