"""The unit and the container file of docs/deploying.md say what `kernel serve` understands."""

from __future__ import annotations

import configparser
import json
import re
import shlex
from pathlib import Path

from luigi.server.command import arguments

PAGE = (Path(__file__).parents[2] / "docs" / "deploying.md").read_text()


def block(name: str) -> str:
    (found,) = re.findall(rf"^```\w+ file={re.escape(name)}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


def test_the_unit() -> None:
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(block("luigi.service"))
    program, command, *flags = shlex.split(unit["Service"]["ExecStart"])
    assert (Path(program).name, command) == ("kernel", "serve")
    assert arguments().parse_args(flags).state_path == "/var/lib/luigi/state.sqlite"
    assert int(unit["Service"]["TimeoutStopSec"]) > 10


def test_the_container_file() -> None:
    (command,) = re.findall(r"^CMD (\[.*\])$", block("Containerfile"), re.MULTILINE)
    program, serve, *flags = json.loads(command)
    assert (program, serve) == ("kernel", "serve")
    assert arguments().parse_args(flags).address == "0.0.0.0"
