"""Hive: a real metastore, with what stands in for the engine and the command (programs/) on top of it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest

from luigi.clock import SYSTEM
from luigi.configuration import LuigiConfigParser
from luigi.contrib.hive import run_hive_cmd
from luigi.testing.ports import free_port

PROGRAMS = Path(__file__).with_name("programs")
INSIDE = 19083
"""The metastore's port, in a network namespace of its own: it would listen to other machines."""
OPENED = [f"--add-opens=java.base/java.{name}=ALL-UNNAMED" for name in ("net", "lang", "util")]
QUICK = ["-Xmx384m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
TABLES = """
CREATE DATABASE shop;
CREATE TABLE shop.words (word STRING COMMENT 'as it is written', n INT);
CREATE TABLE plain (word STRING);
CREATE TABLE shop.visits (page STRING) PARTITIONED BY (day STRING, hour STRING) STORED AS TEXTFILE;
ALTER TABLE shop.visits ADD PARTITION (day='2013-01-25', hour='7');
ALTER TABLE shop.visits ADD PARTITION (day='it\\'s; --\\\\', hour='a/b c=d %é')
"""


class Hive(NamedTuple):
    """What runs."""

    port: int
    """The metastore's."""
    warehouse: Path
    commands: Path
    """The folder of `hive`, `mapred` and `yarn`."""
    session: str


@pytest.fixture(scope="session")
def hive_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hive]:
    """Hive, with a few tables."""
    jars = _jars()
    folder = tmp_path_factory.mktemp("hive")
    hive = Hive(free_port(), folder / "warehouse", folder / "bin", str(folder / "session"))
    _configure(folder, hive)
    inner = [sys.executable, PROGRAMS / "relay.py", folder / "metastore", str(INSIDE)]
    java = ["java", *QUICK, *OPENED, "-cp", f"{folder}/conf:{jars}/*"]
    java += ["org.apache.hadoop.hive.metastore.HiveMetaStore", "-p", str(INSIDE)]
    both = ["sh", "-c", f"ip link set lo up; {_shell(inner)} & exec {_shell(java)}"]
    outer = [sys.executable, PROGRAMS / "relay.py", str(hive.port), folder / "metastore"]
    session = [sys.executable, PROGRAMS / "hive_session.py", hive.session, f"thrift://127.0.0.1:{hive.port}"]
    alone = ["unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
    with (
        _running([*alone, *both], folder / "metastore.log"),
        _running(outer, folder / "relay.log"),
        _running([*session, str(hive.warehouse)], folder / "session.log"),
        pytest.MonkeyPatch.context() as patch,
    ):
        _until(lambda: _answers(hive.port), folder / "metastore.log")
        _until(lambda: os.path.exists(hive.session), folder / "session.log")
        _command_line(patch, hive)
        run_hive_cmd(TABLES)
        yield hive


@pytest.fixture
def hive(hive_service: Hive, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hive]:
    """Hive, with its commands on PATH, and configured."""
    _command_line(monkeypatch, hive_service)
    config = LuigiConfigParser.instance()
    options = {"metastore_host": "127.0.0.1", "metastore_port": hive_service.port}
    options["warehouse_location"] = hive_service.warehouse
    for name, value in options.items():
        config.set("hive", name, str(value))
    yield hive_service
    config.remove_section("hive")


def _command_line(patch: pytest.MonkeyPatch, hive: Hive) -> None:
    patch.setenv("PATH", str(hive.commands), prepend=os.pathsep)
    patch.setenv("HIVE_SESSION", hive.session)


def _jars() -> Path:
    found = find_spec("pyspark")
    if found is None or found.origin is None:
        pytest.skip("there is no Spark, whose jars have Hive's metastore: pip install pyspark")
    if find_spec("pymetastore") is None:
        pytest.skip("there is no client of the metastore: pip install pymetastore")
    if shutil.which("java") is None:
        pytest.skip("there is no Java: apt install openjdk-17-jdk-headless")
    alone = ["unshare", "--net", "--pid", "--fork", "--mount-proc", "ip", "link", "set", "lo", "up"]
    if subprocess.run(alone, capture_output=True, check=False).returncode != 0:
        pytest.skip("there can be no network namespace: root is needed, util-linux and iproute2")
    return Path(found.origin).parent / "jars"


def _configure(folder: Path, hive: Hive) -> None:
    properties = {
        "javax.jdo.option.ConnectionURL": f"jdbc:derby:;databaseName={folder}/derby;create=true",
        "datanucleus.schema.autoCreateAll": "true",
        "hive.metastore.schema.verification": "false",
        "hive.metastore.warehouse.dir": str(hive.warehouse),
        "hive.async.log.enabled": "false",
    }
    inner = "".join(
        f"<property><name>{name}</name><value>{value}</value></property>" for name, value in properties.items()
    )
    (folder / "conf").mkdir()
    (folder / "conf" / "hive-site.xml").write_text(f"<configuration>{inner}</configuration>")
    hive.commands.mkdir()
    for name in ("hive", "mapred", "yarn"):
        program = hive.commands / name
        program.write_text(f'#!/bin/sh\nexec {sys.executable} -S {PROGRAMS / "hive.py"} "$0" "$@"\n')
        program.chmod(0o755)


def _shell(words: list[object]) -> str:
    return " ".join(f"'{word}'" for word in words)


@contextmanager
def _running(command: list[object], log: Path) -> Iterator[None]:
    """A server that may take its time."""
    with log.open("wb") as output:
        server = subprocess.Popen(
            list(map(str, command)), stdout=output, stderr=output, cwd=log.parent, start_new_session=True
        )
    try:
        yield
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait(30)


def _answers(port: int) -> bool:
    """Whether the metastore is behind its relay, which takes every connection, but ends it where there is nobody."""
    with socket.socket() as one:
        one.settimeout(0.3)
        try:
            one.connect(("127.0.0.1", port))
            return bool(one.recv(1))
        except TimeoutError:
            return True  # it waits to be asked
        except OSError:
            return False


def _until(holds: Callable[[], bool], log: Path) -> None:
    for _ in range(600):
        if holds():
            return
        SYSTEM.sleep(0.1)
    pytest.fail(f"Hive does not start: {log.read_text()[-2000:]}")
