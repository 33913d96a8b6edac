"""Which parser is in use, and which files it finds: decided by the environment, so each test is a process."""

from __future__ import annotations

from typing import Any

import pytest

SHOW = """
import os, sys, warnings
warnings.simplefilter("ignore", DeprecationWarning)
import luigi.configuration as configuration
if len(sys.argv) > 1:
    os.chdir(sys.argv[1])
try:
    config = configuration.get_config()
    print(type(config).__name__, *(config.get("s", option, "-") for option in "ab"))
except Exception as error:
    print(type(error).__name__, error, error.hint)
"""

CFG = "[s]\na = cfg\nb = cfg\n"
TOML = '[s]\na = "toml"\nb = "toml"\n'


@pytest.fixture
def show(shell: Any) -> Any:
    shell.write("show.py", SHOW)
    shell.write("sub/empty", "")

    def run(*args: str, **environ: str) -> str:
        shell.environ.update(environ)
        ended = shell.python("show.py", *args)
        assert ended.code == 0, ended.err
        return f"{ended.out}{ended.err}"

    run.write = shell.write  # type: ignore[attr-defined]
    return run


def test_nothing_at_all(show: Any) -> None:
    assert show() == "LuigiConfigParser - -\n"


def test_cfg_is_the_default(show: Any) -> None:
    show.write("luigi.cfg", CFG)
    show.write("luigi.toml", TOML)
    assert show() == "LuigiConfigParser cfg cfg\n"


def test_client_cfg_comes_first(show: Any) -> None:
    show.write("client.cfg", "[s]\na = client\nb = client\n")
    show.write("luigi.cfg", "[s]\na = luigi\n")
    assert show() == "LuigiConfigParser luigi client\n"


def test_luigi_toml_alone_stands_in(show: Any) -> None:
    show.write("luigi.toml", TOML)
    assert show() == "LuigiConfigParser toml toml\n"
    assert show(LUIGI_CONFIG_PARSER="cfg") == "LuigiConfigParser - -\n"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("toml", "LuigiTomlParser toml toml\n"),
        ("cfg", "LuigiConfigParser cfg cfg\n"),
        ("ini", "LuigiConfigParser cfg cfg\n"),
        ("conf", "LuigiConfigParser cfg cfg\n"),
        ("", "LuigiConfigParser cfg cfg\n"),
    ],
)
def test_luigi_config_parser(show: Any, name: str, shown: str) -> None:
    show.write("luigi.cfg", CFG)
    show.write("luigi.toml", TOML)
    assert show(LUIGI_CONFIG_PARSER=name) == shown


def test_an_unknown_parser_is_an_error(show: Any) -> None:
    assert show(LUIGI_CONFIG_PARSER="tom") == (
        "ConfigurationError there is no configuration parser 'tom' did you mean toml?\n"
    )
    assert "cfg, conf, ini, toml" in show(LUIGI_CONFIG_PARSER="yaml")


@pytest.mark.parametrize("name", ["more.cfg", "more.ini", "more.conf", "more"])
def test_luigi_config_path_wins(show: Any, name: str) -> None:
    show.write("luigi.cfg", CFG)
    show.write(name, "[s]\nb = more\n")
    assert show(LUIGI_CONFIG_PATH=name) == "LuigiConfigParser cfg more\n"


def test_luigi_config_path_of_the_other_format(show: Any) -> None:
    show.write("luigi.cfg", CFG)
    show.write("luigi.toml", TOML)
    show.write("more.toml", '[s]\nb = "more"\n')
    show.write("more.cfg", "[s]\nb = more\n")
    assert show(LUIGI_CONFIG_PATH="more.toml") == "LuigiConfigParser cfg more\n"
    assert show(LUIGI_CONFIG_PATH="more.cfg", LUIGI_CONFIG_PARSER="toml") == "LuigiTomlParser toml more\n"


def test_luigi_config_path_to_nowhere_is_a_warning(show: Any) -> None:
    show.write("luigi.cfg", CFG)
    shown = show(LUIGI_CONFIG_PATH="nowhere.cfg")
    assert shown.startswith("LuigiConfigParser cfg cfg\n")
    assert "LUIGI_CONFIG_PATH=nowhere.cfg: there is no such file" in shown


@pytest.mark.parametrize("place", ["luigi.cfg", "more.cfg"])
def test_a_program_that_moves_on_keeps_the_files_it_started_with(show: Any, place: str) -> None:
    show.write(place, CFG)
    assert show("sub", LUIGI_CONFIG_PATH="more.cfg" if place == "more.cfg" else "") == "LuigiConfigParser cfg cfg\n"


def test_the_parsers_by_extension() -> None:
    from luigi.configuration import LuigiConfigParser, LuigiTomlParser, core

    parsers = (LuigiConfigParser, LuigiTomlParser)
    extensions = {parser: {name for name, each in core.PARSERS.items() if each is parser} for parser in parsers}
    assert extensions == {LuigiConfigParser: {"cfg", "conf", "ini"}, LuigiTomlParser: {"toml"}}
    assert core.PARSERS[core.DEFAULT_PARSER].enabled
    assert LuigiTomlParser.enabled


def test_configparser_and_tomllib_come_when_asked_for(shell: Any) -> None:
    ended = shell.python(
        "-c",
        "import sys, luigi.configuration, luigi.setup_logging, luigi.lock;"
        "print({'configparser', 'tomllib', 'logging.config', 'subprocess'} & set(sys.modules))",
    )
    assert ended.out == "set()\n"
