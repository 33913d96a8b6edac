"""Objects as files: what is read when the connection breaks, and what is seen of something that is being written."""

from __future__ import annotations

import contextlib
import gc
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError, IncompleteReadError, ResponseStreamingError

from luigi.contrib._s3.streams import RESUMPTIONS
from luigi.contrib.s3 import AtomicS3File, DeprecatedBotoClientException, ReadableS3File, S3Client, S3Target
from luigi.format import Nop

pytestmark = pytest.mark.service("s3")
BREAKS = IncompleteReadError, ResponseStreamingError
LARGE = bytes(range(256)) * 4 * 3000


class Cutting:
    """A way to a server that cuts so many of its answers, each after some bytes behind its headers."""

    def __init__(self, url: str, after: int, times: int) -> None:
        self._to = urlsplit(url).hostname, urlsplit(url).port
        self.after, self.times = after, times
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                here, _ = self._listening.accept()
            except OSError:
                return
            there = socket.create_connection(self._to, timeout=30)
            threading.Thread(target=self._forth, args=(here, there), daemon=True).start()
            threading.Thread(target=self._back, args=(there, here), daemon=True).start()

    def _forth(self, here: socket.socket, there: socket.socket) -> None:
        try:
            while content := here.recv(65536):
                there.sendall(content)
        except OSError:
            return

    def _back(self, there: socket.socket, here: socket.socket) -> None:
        passed = None
        try:
            while content := there.recv(65536):
                if passed is None:
                    passed = -content.index(b"\r\n\r\n") - 4
                if self.times and passed + len(content) > self.after:
                    self.times -= 1
                    here.sendall(content[: self.after - passed])
                    break
                here.sendall(content)
                passed += len(content)
        except OSError:
            pass
        finally:
            for one in (here, there):
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)  # wakes the other thread
                one.close()

    def stop(self) -> None:
        self._listening.close()


@pytest.fixture
def cutting(s3_service: str) -> Iterator[Any]:
    made: list[Cutting] = []

    def make(after: int, times: int) -> Cutting:
        made.append(Cutting(s3_service, after, times))
        return made[-1]

    yield make
    for one in made:
        one.stop()


def through(way: Cutting) -> S3Client:
    return S3Client("anybody", "any-secret", region_name="us-east-1", endpoint_url=way.url)


@pytest.fixture
def large(client: S3Client, folder: str) -> str:
    client.put_string(LARGE, f"{folder}/large")
    return f"{folder}/large"


def test_a_broken_connection_is_taken_up_again(large: str, cutting: Any) -> None:
    way = cutting(after=500_000, times=3)
    with S3Target(large, client=through(way), format=Nop).open("r") as stream:
        assert stream.read() == LARGE
    assert way.times == 0


def test_a_line_is_whole_over_a_break(client: S3Client, folder: str, cutting: Any) -> None:
    client.put_string("".join(f"{number}\n" for number in range(300_000)), f"{folder}/lines")
    way = cutting(after=700_000, times=2)
    with S3Target(f"{folder}/lines", client=through(way)).open("r") as stream:
        assert [int(line) for line in stream] == list(range(300_000))
    assert way.times == 0


def test_what_changed_meanwhile_is_not_mixed(client: S3Client, large: str, cutting: Any) -> None:
    stream = S3Target(large, client=through(cutting(after=500_000, times=1)), format=Nop).open("r")
    stream.read(1000)
    client.put_string(b"another" + LARGE, large)
    with pytest.raises(ClientError, match="Precondition|412"):
        stream.read()
    stream.close()


def test_a_connection_that_always_breaks_is_given_up(large: str, cutting: Any) -> None:
    way = cutting(after=0, times=100)
    with S3Target(large, client=through(way), format=Nop).open("r") as stream, pytest.raises(BREAKS):
        stream.read()
    assert way.times == 100 - 1 - RESUMPTIONS


def test_is_read_like_any_file(client: S3Client, folder: str) -> None:
    client.put_string("one\ntwo\nthree", f"{folder}/file")
    key = client.get_key(f"{folder}/file")
    stream = ReadableS3File(key)
    assert stream.s3_key is key
    assert (stream.readable(), stream.writable(), stream.seekable()) == (True, False, False)
    assert stream.read(2) == b"on"
    assert stream.readline() == b"e\n"
    assert list(stream) == [b"two\n", b"three"]
    assert stream.read() == stream.read(None) == b""
    stream.close()
    assert stream.closed
    with ReadableS3File(key) as again:
        assert again.read(3) == b"one"


def test_nothing_is_seen_before_it_is_closed(client: S3Client, folder: str) -> None:
    stream = AtomicS3File(f"{folder}/file", client, ContentType="text/css")
    stream.write(b"content")
    stream.flush()
    assert Path(stream.tmp_path).exists()
    assert not client.exists(f"{folder}/file")
    stream.close()
    assert not Path(stream.tmp_path).exists()
    answer = client.get_key(f"{folder}/file").get()
    assert (answer["Body"].read(), answer["ContentType"]) == (b"content", "text/css")


def test_what_is_forgotten_is_not_uploaded(client: S3Client, folder: str) -> None:
    stream = AtomicS3File(f"{folder}/file", client)
    stream.write(b"content")
    place = Path(stream.tmp_path)
    del stream
    gc.collect()
    assert not place.exists()
    assert not client.exists(f"{folder}/file")


def test_an_upload_that_fails_leaves_nothing(client: S3Client, folder: str) -> None:
    def fail(params: dict[str, Any], **_: Any) -> None:
        if params["PartNumber"] == 2:
            raise ConnectionError("the cable")

    client.s3.meta.client.meta.events.register("before-parameter-build.s3.UploadPart", fail, unique_id="cable")
    target = S3Target(f"{folder}/file", client=client, format=Nop)
    try:
        with pytest.raises(ConnectionError, match="the cable"), target.open("w") as stream:
            stream.write(b"content " * (2 * 1024 * 1024))
    finally:
        client.s3.meta.client.meta.events.unregister("before-parameter-build.s3.UploadPart", unique_id="cable")
    assert not target.exists()
    assert not Path(stream.tmp_path).exists()
    begun = client.s3.meta.client.list_multipart_uploads(Bucket="bucket").get("Uploads", [])
    assert [one["Key"] for one in begun if folder.removeprefix("s3://bucket/") in one["Key"]] == []


def test_an_option_of_boto_2_is_refused_before_anything_is_written(client: S3Client, folder: str) -> None:
    with pytest.raises(DeprecatedBotoClientException):
        S3Target(f"{folder}/file", client=client, encrypt_key=True).open("w")
