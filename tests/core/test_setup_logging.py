"""Logging is set up by the first place that says something, in the manual's order."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from luigi.configuration import LuigiConfigParser, LuigiTomlParser
from luigi.errors import ConfigurationError
from luigi.setup_logging import BaseLogging, DaemonLogging, InterfaceLogging

NAMES = ("", "luigi", "luigi-interface", "luigi.server", "luigi.scheduler")

INI = """\
[loggers]
keys=root
[handlers]
keys=h
[formatters]
keys=f
[logger_root]
level=WARNING
handlers=h
[handler_h]
class=StreamHandler
formatter=f
args=()
[formatter_f]
format=ini %(message)s
"""

TABLE = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"f": {"format": "table %(message)s"}},
    "handlers": {"h": {"class": "logging.StreamHandler", "formatter": "f"}},
    "root": {"level": "INFO", "handlers": ["h"]},
}

TOML = """\
[logging]
disable_existing_loggers = false
[logging.formatters.f]
format = "section %(message)s"
[logging.handlers.h]
class = "logging.StreamHandler"
formatter = "f"
[logging.root]
level = "INFO"
handlers = ["h"]
"""


def options(**given: Any) -> SimpleNamespace:
    return SimpleNamespace(
        **{"background": None, "logdir": None, "logging_conf_file": None, "log_level": "INFO"} | given
    )


@pytest.fixture(autouse=True)
def clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LuigiConfigParser]:
    """No configuration, loggers as a new process has them; all put back afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LUIGI_CONFIG_PARSER", raising=False)
    config = LuigiConfigParser()
    monkeypatch.setattr(LuigiConfigParser, "_instance", config)
    for cls in (DaemonLogging, InterfaceLogging):
        monkeypatch.setattr(cls, "_configured", False)
    loggers = [logging.getLogger(name) for name in NAMES]
    before = [(logger.level, logger.handlers[:], logger.disabled) for logger in loggers]
    for logger in loggers:
        logger.handlers[:], logger.disabled = [], False
        logger.setLevel(logging.WARNING if logger.name == "root" else logging.NOTSET)
    yield config
    for logger, (level, handlers, disabled) in zip(loggers, before, strict=True):
        logger.handlers[:], logger.disabled = handlers, disabled
        logger.setLevel(level)


def state(name: str) -> tuple[str, list[str | None]]:
    """A logger's level, and the formats of its handlers, without those of pytest."""
    logger = logging.getLogger(name)
    handlers = [handler for handler in logger.handlers if not type(handler).__module__.startswith("_pytest")]
    formats = [handler.formatter._fmt if handler.formatter else None for handler in handlers]
    return logging.getLevelName(logger.level), formats


INTERFACE = "%(levelname)s: %(message)s"
SERVER = "%(asctime)s %(name)s[%(process)s] %(levelname)s: %(message)s"


def test_a_run_logs_to_its_own_logger() -> None:
    assert InterfaceLogging.setup(options())
    assert state("luigi-interface") == ("INFO", [INTERFACE])
    assert logging.getLogger("luigi-interface").handlers[0].level == logging.INFO
    assert state("") == ("WARNING", [])


def test_the_default_level_is_debug() -> None:
    assert InterfaceLogging.setup()
    assert state("luigi-interface") == ("DEBUG", [INTERFACE])


def test_notset_leaves_the_level_to_the_root_logger() -> None:
    InterfaceLogging.setup(options(log_level="NOTSET"))
    assert logging.getLogger("luigi-interface").getEffectiveLevel() == logging.WARNING


def test_the_level_of_the_configuration(clean: LuigiConfigParser) -> None:
    clean.set("core", "log_level", "ERROR")
    InterfaceLogging.setup(options(log_level=None))
    assert state("luigi-interface") == ("ERROR", [INTERFACE])


def test_a_level_that_does_not_exist() -> None:
    with pytest.raises(ConfigurationError, match="'WARNIN'") as caught:
        InterfaceLogging.setup(options(log_level="WARNIN"))
    assert caught.value.hint == "did you mean WARNING?"


def test_it_happens_once() -> None:
    assert InterfaceLogging.setup(options())
    assert not InterfaceLogging.setup(options(log_level="ERROR"))
    assert state("luigi-interface") == ("INFO", [INTERFACE])
    assert not DaemonLogging._configured
    assert DaemonLogging.setup(options())


def test_no_configure_logging_comes_first(clean: LuigiConfigParser) -> None:
    clean.set("core", "no_configure_logging", "true")
    assert not InterfaceLogging.setup(options(logging_conf_file="nowhere.ini"))
    assert not DaemonLogging.setup(options(background=True, logdir="logs"))
    assert all(state(name)[1] == [] for name in NAMES)
    assert InterfaceLogging._configured


def test_a_server_in_the_background_only_sets_the_level(clean: LuigiConfigParser) -> None:
    clean.set("core", "logging_conf_file", "nowhere.ini")
    assert DaemonLogging.setup(options(background=True, logdir="logs"))
    assert state("") == ("INFO", [])


def test_a_server_logs_into_a_directory(clean: LuigiConfigParser, tmp_path: Path) -> None:
    clean.set("core", "logging_conf_file", "nowhere.ini")
    assert DaemonLogging.setup(options(logdir="logs"))
    assert state("") == ("INFO", [SERVER])
    logging.getLogger("luigi.server").info("listening")
    logging.getLogger().handlers[-1].close()
    assert "luigi.server[" in (tmp_path / "logs" / "luigi-server.log").read_text()


def test_a_server_logs_to_the_root_logger() -> None:
    assert DaemonLogging.setup(options(log_level="ERROR", logging_conf_file="nowhere.ini"))
    assert state("") == ("INFO", [SERVER])


@pytest.mark.parametrize(
    ("name", "text", "form"),
    [
        ("log.ini", INI, "ini %(message)s"),
        ("log.conf", INI, "ini %(message)s"),
        ("log.json", json.dumps(TABLE), "table %(message)s"),
        ("log.toml", TOML, "section %(message)s"),
        ("log.toml", TOML.replace("[logging]\n", "").replace("[logging.", "["), "section %(message)s"),
    ],
)
def test_a_logging_file(clean: LuigiConfigParser, tmp_path: Path, name: str, text: str, form: str) -> None:
    (tmp_path / name).write_text(text)
    LuigiConfigParser.instance().read_string(TOML.replace("[logging]", "[logging_not]"), "x.cfg")
    assert InterfaceLogging.setup(options(logging_conf_file=name))
    assert state("")[1] == [form]
    assert state("luigi-interface") == ("NOTSET", [])
    logging.getLogger().handlers.clear()
    clean.set("core", "logging_conf_file", name)
    assert DaemonLogging.setup(options())
    assert state("")[1] == [form]
    assert not logging.getLogger("luigi.scheduler").disabled


@pytest.mark.parametrize("parser", [LuigiConfigParser, LuigiTomlParser])
@pytest.mark.parametrize("cls", [InterfaceLogging, DaemonLogging])
def test_the_logging_section(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, parser: Any, cls: Any) -> None:
    (tmp_path / "luigi.toml").write_text(TOML)
    config = parser()
    config.read("luigi.toml")
    monkeypatch.setattr(BaseLogging, "config", config)
    assert cls.setup(options(log_level="ERROR"))
    assert state("") == ("INFO", ["section %(message)s"])
    assert state("luigi-interface") == ("NOTSET", [])


def test_a_logging_section_of_a_cfg_file_is_no_logging_configuration(clean: LuigiConfigParser) -> None:
    clean.read_string("[logging]\nsomething = DEBUG\n")
    assert InterfaceLogging.setup(options())
    assert state("luigi-interface") == ("INFO", [INTERFACE])


@pytest.mark.parametrize("name", ["nowhere.ini", "nowhere.toml", "nowhere.json"])
def test_a_missing_file_is_named(name: str) -> None:
    with pytest.raises(ConfigurationError, match=name) as caught:
        InterfaceLogging.setup(options(logging_conf_file=name))
    assert isinstance(caught.value, OSError)  # as Luigi's
    assert "--logging-conf-file" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("log.ini", "nonsense"),
        ("log.ini", INI.replace("class=StreamHandler", "class=NoSuchHandler")),
        ("log.ini", INI.replace("keys=h", "keys=h,i")),
        ("log.toml", "[logging"),
        ("log.toml", TOML.replace("StreamHandler", "NoSuchHandler")),
        ("log.json", "[]"),
        ("log.json", "{"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(ConfigurationError, match=rf"^{name}: ."):
        InterfaceLogging.setup(options(logging_conf_file=name))


def test_a_wrong_section_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "luigi.toml").write_text(TOML.replace('"INFO"', '"LOUD"'))
    config = LuigiTomlParser()
    config.read("luigi.toml")
    monkeypatch.setattr(BaseLogging, "config", config)
    with pytest.raises(ConfigurationError, match=r"^luigi\.toml:1: .*LOUD"):
        InterfaceLogging.setup(options())
