"""Real Spark, of pyspark's package: local, and a standalone master with a worker."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from luigi.clock import SYSTEM
from luigi.testing.ports import free_port

PROGRAMS = Path(__file__).with_name("programs")
OPENED = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in ("java.lang", "java.nio", "sun.nio.ch")]
"""What Spark needs of Java 17, which a standalone worker does not see to for a driver."""
QUICK = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]


@pytest.fixture(scope="session")
def spark_home() -> Path:
    """The folder of Spark."""
    found = find_spec("pyspark")
    if found is None or found.origin is None:
        pytest.skip("there is no Spark: pip install pyspark")
    if shutil.which("java") is None:
        pytest.skip("there is no Java: apt install openjdk-17-jdk-headless")
    return Path(found.origin).parent


@pytest.fixture(scope="session")
def spark_environment(spark_home: Path) -> Iterator[dict[str, str]]:
    """Where spark-submit is on PATH, and all stays on the loopback."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.setenv("JDK_JAVA_OPTIONS", " ".join([*OPENED, *QUICK]))
        yield dict(os.environ)


@pytest.fixture
def spark_jobs(spark_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that submit: spark-submit can be run, and tasks of programs/ imported."""
    for name in ("PATH", "SPARK_LOCAL_IP", "JDK_JAVA_OPTIONS"):
        monkeypatch.setenv(name, spark_environment[name])
    monkeypatch.syspath_prepend(PROGRAMS)


@pytest.fixture(scope="session")
def spark_service(
    spark_home: Path, spark_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The URL of a standalone master with one worker, whose folder has none of the tests' modules."""
    folder, port = tmp_path_factory.mktemp("spark"), free_port()
    master = f"spark://127.0.0.1:{port}"
    program = [str(spark_home / "bin" / "spark-class"), "org.apache.spark.deploy"]
    at = ["--host", "127.0.0.1", "--port", str(port), "--webui-port", str(free_port())]
    size = ["--cores", "2", "--memory", "2g", "--work-dir", str(folder / "work")]
    beside = ["--host", "127.0.0.1", "--port", str(free_port()), "--webui-port", str(free_port())]
    with (
        until_it_says(
            "I have been elected leader", [program[0], f"{program[1]}.master.Master", *at], folder / "master"
        ),
        until_it_says(
            "Successfully registered",
            [program[0], f"{program[1]}.worker.Worker", *beside, *size, master],
            folder / "worker",
        ),
    ):
        yield master


@pytest.fixture(scope="session")
def word_count_jar(spark_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An app in Java."""
    if shutil.which("javac") is None or shutil.which("jar") is None:
        pytest.skip("there is no javac: apt install openjdk-17-jdk-headless")
    folder = tmp_path_factory.mktemp("jar")
    source, jar = PROGRAMS / "SparkWordCount.java", folder / "words.jar"
    subprocess.run(["javac", "-cp", f"{spark_home}/jars/*", "-d", folder / "classes", source], check=True)
    subprocess.run(["jar", "cf", jar, "-C", folder / "classes", "."], check=True)
    return jar


@contextmanager
def until_it_says(words: str, command: list[str], folder: Path) -> Iterator[None]:
    """A server, once its log has these words."""
    folder.mkdir()
    log = folder / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
    try:
        for _ in range(1200):
            if words in log.read_text() or server.poll() is not None:
                break
            SYSTEM.sleep(0.05)
        if words not in log.read_text():
            pytest.fail(f"{command} does not start: {log.read_text()[-2000:]}")
        yield
    finally:
        server.kill()
        server.wait(timeout=30)
