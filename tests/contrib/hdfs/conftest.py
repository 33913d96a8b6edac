"""A real HDFS: a namenode and a datanode of Hadoop 2.7, with WebHDFS and the `hadoop` command.

Their jars lie where LUIGI_HADOOP says, or in .hadoop of this repository; install_hadoop.sh beside this file puts them
there.
"""

from __future__ import annotations

import getpass
import itertools
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from luigi.clock import SYSTEM
from luigi.configuration import LuigiConfigParser
from luigi.contrib.hdfs import WebHdfsClient
from luigi.contrib.hdfs import clients as hdfs_clients
from luigi.testing.ports import free_port

HADOOP = Path(os.environ.get("LUIGI_HADOOP", Path(__file__).parents[3] / ".hadoop"))
NUMBERS = itertools.count(1)
OPENED = [f"java.base/java.{name}=ALL-UNNAMED" for name in ("lang", "util", "nio", "io", "net")]
ALIVE = "/jmx?qry=Hadoop:service=NameNode,name=FSNamesystemState"


class Hdfs:
    """A running HDFS, with all it needs in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rpc_port, self.port, *others = (free_port() for _ in range(6))
        self.url = f"http://127.0.0.1:{self.port}"
        self.command = str(folder / "bin" / "hadoop")
        self._configure(others)
        self._write_command()

    def client(self) -> WebHdfsClient:
        return WebHdfsClient(host="127.0.0.1", port=self.port, user=getpass.getuser())

    def new_root(self) -> str:
        """A path below which there is nothing."""
        return f"/tests/{next(NUMBERS)}"

    def _configure(self, ports: list[int]) -> None:
        local = [f"127.0.0.1:{port}" for port in ports]
        data = f"file://{self.folder}"
        (self.folder / "conf").mkdir()
        self._write(
            "core-site", {"fs.defaultFS": f"hdfs://127.0.0.1:{self.rpc_port}", "hadoop.tmp.dir": str(self.folder)}
        )
        self._write(
            "hdfs-site",
            {
                "dfs.replication": "1",
                "dfs.namenode.name.dir": f"{data}/names",
                "dfs.datanode.data.dir": f"{data}/blocks",
                "dfs.namenode.http-address": f"127.0.0.1:{self.port}",
                "dfs.namenode.https-address": local[0],
                "dfs.datanode.address": local[1],
                "dfs.datanode.ipc.address": local[2],
                "dfs.datanode.http.address": local[3],
                "dfs.datanode.hostname": "127.0.0.1",
                "dfs.namenode.safemode.extension": "0",
                "dfs.permissions.enabled": "true",
            },
        )
        appender = "log4j.appender.c=org.apache.log4j.ConsoleAppender\nlog4j.appender.c.target=System.err\n"
        layout = "log4j.appender.c.layout=org.apache.log4j.SimpleLayout\n"
        (self.folder / "conf" / "log4j.properties").write_text(f"log4j.rootLogger=WARN,c\n{appender}{layout}")
        for name in ("hdfs", "datanode", "secondary"):
            place = self.folder / "webapps" / name / "WEB-INF"
            place.mkdir(parents=True)
            (place / "web.xml").write_text('<web-app version="2.4" xmlns="http://java.sun.com/xml/ns/j2ee"></web-app>')

    def _write(self, name: str, properties: dict[str, str]) -> None:
        inner = "".join(
            f"<property><name>{key}</name><value>{value}</value></property>" for key, value in properties.items()
        )
        (self.folder / "conf" / f"{name}.xml").write_text(f"<configuration>{inner}</configuration>")

    def _write_command(self) -> None:
        """The `hadoop` that users have is a shell script too; this one knows the programs that tests need."""
        java = ["java", *(option for name in OPENED for option in ("--add-opens", name))]
        java += [
            "-Xmx192m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "-Djava.net.preferIPv4Stack=true",
        ]
        java += ["-cp", f"'{self.folder}/conf:{self.folder}:{HADOOP}/lib/*'"]
        script = f"""#!/bin/sh
verb=$1; shift
case $verb in
  fs) class=org.apache.hadoop.fs.FsShell;;
  namenode) class=org.apache.hadoop.hdfs.server.namenode.NameNode;;
  datanode) class=org.apache.hadoop.hdfs.server.datanode.DataNode;;
  *) echo "no such verb: $verb" >&2; exit 1;;
esac
exec {" ".join(java)} $class "$@"
"""
        path = Path(self.command)
        path.parent.mkdir()
        path.write_text(script)
        path.chmod(0o755)

    @contextmanager
    def running(self) -> Iterator[Hdfs]:
        with ExitStack() as stack:
            log = stack.enter_context((self.folder / "log").open("wb"))
            subprocess.run([self.command, "namenode", "-format", "-nonInteractive"], stdout=log, stderr=log, check=True)
            nodes = []
            for name in ("namenode", "datanode"):
                node = subprocess.Popen([self.command, name], stdout=log, stderr=log)
                stack.callback(node.wait, timeout=30)
                stack.callback(node.send_signal, signal.SIGKILL)  # nothing is worth its ten seconds of ending well
                nodes.append(node)
            self._wait(nodes)
            yield self

    def _wait(self, nodes: list[subprocess.Popen[bytes]]) -> None:
        for _ in range(600):
            try:
                if b'"NumLiveDataNodes" : 1' in urlopen(self.url + ALIVE, timeout=5).read():
                    return
            except (URLError, OSError):
                pass
            if any(node.poll() is not None for node in nodes):
                break
            SYSTEM.sleep(0.1)
        pytest.fail(f"HDFS does not start: {(self.folder / 'log').read_text()[-3000:]}")


@pytest.fixture(scope="session")
def hdfs_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hdfs]:
    """One for all tests: work in a folder of your own, such as `root`."""
    if not list(HADOOP.glob("lib/hadoop-hdfs-*.jar")):
        pytest.skip(f"there is no Hadoop in {HADOOP}: run {Path(__file__).parent}/install_hadoop.sh {HADOOP}")
    if not shutil.which("java"):
        pytest.skip("there is no java: apt-get install openjdk-17-jre-headless")
    with Hdfs(tmp_path_factory.mktemp("hdfs")).running() as hdfs:
        yield hdfs


@pytest.fixture
def webhdfs(hdfs_service: Hdfs) -> WebHdfsClient:
    """A client over HTTP."""
    return hdfs_service.client()


@pytest.fixture
def root(hdfs_service: Hdfs) -> str:
    """A path of HDFS below which there is nothing."""
    return hdfs_service.new_root()


@pytest.fixture(autouse=True)
def client_of_one_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """The configured client is kept for a thread; the next test may configure another."""
    vars(hdfs_clients._AUTOCONFIG_CLIENT).clear()


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`configured(section, option="value")`, for one test."""
    config = LuigiConfigParser()
    monkeypatch.setattr(LuigiConfigParser, "_instance", config)

    def configure(section: str, **options: str) -> None:
        for name, value in options.items():
            config.set(section, name, value)

    return configure


@pytest.fixture
def datanode_like() -> Iterator[int]:
    """The port of a web server that answers 404 to everything."""
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()
