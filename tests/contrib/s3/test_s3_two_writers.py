"""Two who write the same object at the same moment: the service refuses the second."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from luigi.contrib._s3 import transfers
from luigi.contrib.s3 import S3Client, S3Target
from luigi.target import FileAlreadyExists

pytestmark = pytest.mark.service("s3")


class Unlucky(S3Client):
    """Always looks just before the other has written."""

    def exists(self, path: str) -> bool:
        return False


@pytest.fixture
def unlucky(s3_service: str) -> S3Client:
    return Unlucky("anybody", "any-secret", region_name="us-east-1", endpoint_url=s3_service)


def test_the_second_is_refused(client: S3Client, unlucky: S3Client, folder: str) -> None:
    client.put_string("first", f"{folder}/place")
    client.put_string("second", f"{folder}/other")
    with pytest.raises(FileAlreadyExists, match="place exists already"):
        unlucky.rename_dont_move(f"{folder}/other", f"{folder}/place")
    assert client.get_as_string(f"{folder}/place") == "first"
    assert client.get_as_string(f"{folder}/other") == "second"


def test_of_many_at_once_one_wins(unlucky: S3Client, client: S3Client, folder: str) -> None:
    together = Barrier(8)

    def write(number: int) -> str | None:
        with S3Target(f"{folder}/place", client=unlucky).temporary_path() as path:
            client.put_string(str(number), path)
            together.wait(timeout=20)
        return str(number)

    with ThreadPoolExecutor(8) as pool:
        ends = [pool.submit(write, number) for number in range(8)]
        errors = [end.exception() for end in ends]
    (winner,) = [end.result() for end, error in zip(ends, errors, strict=True) if error is None]
    assert client.get_as_string(f"{folder}/place") == winner
    refused = [error for error in errors if isinstance(error, FileAlreadyExists)]
    assert len(refused) == 7
    assert all("what was written is at" in error.__notes__[0] for error in refused)


def test_options_are_said_of_the_copy(unlucky: S3Client, client: S3Client, folder: str) -> None:
    client.put_string("content", f"{folder}/from", ContentType="text/csv")
    unlucky.rename_dont_move(f"{folder}/from", f"{folder}/to")
    assert client.get_key(f"{folder}/to").get()["ContentType"] == "text/csv"
    assert list(client.list(folder)) == ["to"]


def test_what_the_service_cannot_refuse_is_looked_for_first(
    client: S3Client, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfers, "LARGEST_AT_ONCE", 3)
    client.put_string("large", f"{folder}/from")
    client.put_string("there", f"{folder}/place")
    with pytest.raises(FileAlreadyExists):
        client.rename_dont_move(f"{folder}/from", f"{folder}/place")
    client.rename_dont_move(f"{folder}/from", f"{folder}/free")
    assert client.get_as_string(f"{folder}/free") == "large"
