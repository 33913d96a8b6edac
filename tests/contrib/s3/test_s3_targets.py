"""S3Target, S3FlagTarget and the tasks for what comes from elsewhere."""

from __future__ import annotations

import pickle

import pytest

import luigi
from luigi.contrib.s3 import (
    FileNotFoundException,
    S3Client,
    S3EmrTarget,
    S3EmrTask,
    S3FlagTarget,
    S3FlagTask,
    S3PathTask,
    S3Target,
)
from luigi.target import InvalidMode
from luigi.testing import run_task

pytestmark = pytest.mark.service("s3")


@pytest.fixture
def configured(s3_service: str, luigi_config) -> None:
    """The section [s3] leads to the service."""
    for option, value in {
        "aws_access_key_id": "anybody",
        "aws_secret_access_key": "any-secret",
        "region_name": "us-east-1",
        "endpoint_url": s3_service,
    }.items():
        luigi_config("s3", **{option: value})


class S3Sum(luigi.Task):
    """Adds the numbers of a file."""

    folder = luigi.Parameter()

    def requires(self) -> S3PathTask:
        return S3PathTask(f"{self.folder}/numbers")

    def output(self) -> S3Target:
        return S3Target(f"{self.folder}/sum")

    def run(self) -> None:
        with self.input().open() as numbers, self.output().open("w") as total:
            total.write(str(sum(int(line) for line in numbers)))


@pytest.mark.usefixtures("configured")
def test_a_pipeline(client: S3Client, folder: str) -> None:
    client.put_string("1\n2\n3\n", f"{folder}/numbers")
    assert run_task(S3Sum(folder)).complete()
    assert client.get_as_string(f"{folder}/sum") == "6"


@pytest.mark.usefixtures("configured")
def test_a_pipeline_in_processes(client: S3Client, folder: str) -> None:
    for name in "ab":
        client.put_string("1\n2\n3\n", f"{folder}/{name}/numbers")
    S3Target(f"{folder}/a/numbers").exists()  # so that there is a connection which the children must not use
    tasks = [S3Sum(f"{folder}/{name}") for name in "ab"]
    assert luigi.build(tasks, local_scheduler=True, workers=2, log_level="CRITICAL")
    assert [client.get_as_string(f"{folder}/{name}/sum") for name in "ab"] == ["6", "6"]


@pytest.mark.usefixtures("configured")
def test_targets_share_a_client(folder: str) -> None:
    assert S3Target(f"{folder}/a").fs is S3Target(f"{folder}/b").fs


def test_options_go_with_the_upload(client: S3Client, folder: str) -> None:
    target = S3Target(f"{folder}/file", client=client, ContentType="text/css")
    with target.open("w") as stream:
        stream.write("content")
    assert client.get_key(target.path).get()["ContentType"] == "text/css"


def test_reading_what_is_missing(client: S3Client, folder: str) -> None:
    client.put_string("", f"{folder}/directory/file")
    for name in ("missing", "directory"):
        with pytest.raises(FileNotFoundException, match=f"{folder}/{name}"):
            S3Target(f"{folder}/{name}", client=client).open()
    with pytest.raises(FileNotFoundError):
        S3Target(f"{folder}/missing", client=client).open()


@pytest.mark.parametrize("mode", ["a", "rt", "", "r+"])
def test_modes(client: S3Client, folder: str, mode: str) -> None:
    with pytest.raises(InvalidMode):
        S3Target(f"{folder}/file", client=client).open(mode)
    with pytest.raises(ValueError, match="mode"):
        S3Target(f"{folder}/file", client=client).open(mode)


def test_bytes_modes_leave_it_to_the_format(client: S3Client, folder: str) -> None:
    target = S3Target(f"{folder}/file", client=client)
    with target.open("wb") as stream:
        stream.write("content")
    with target.open("rb") as stream:
        assert stream.read() == "content"


def test_a_target_travels(client: S3Client, folder: str) -> None:
    target = S3Target(f"{folder}/file", client=client)
    target.open("w").close()
    assert pickle.loads(pickle.dumps(target)).exists()


def test_temporary_path_makes_no_directories(client: S3Client, folder: str) -> None:
    with S3Target(f"{folder}/deep/file", client=client).temporary_path() as path:
        client.put_string("content", path)
    assert list(client.list(folder)) == ["deep/file"]


def test_a_flag_says_when_a_directory_is_there(client: S3Client, folder: str) -> None:
    target = S3FlagTarget(f"{folder}/made/", client=client)
    client.put_string("", f"{folder}/made/part-0")
    assert not target.exists()
    client.put_string("", f"{folder}/made/_SUCCESS")
    assert target.exists()
    assert not S3FlagTarget(f"{folder}/made/", client=client, flag="_DONE").exists()


def test_a_flag_is_in_a_directory(client: S3Client) -> None:
    with pytest.raises(ValueError, match="s3://bucket/made does not say that it is a directory"):
        S3FlagTarget("s3://bucket/made", client=client)


@pytest.mark.usefixtures("configured")
def test_what_comes_from_elsewhere(client: S3Client, folder: str) -> None:
    tasks = [S3PathTask(f"{folder}/file"), S3FlagTask(f"{folder}/a/"), S3FlagTask(f"{folder}/b/", flag="done")]
    assert [task.complete() for task in tasks] == [False] * 3
    for name in ("file", "a/_SUCCESS", "b/done"):
        client.put_string("", f"{folder}/{name}")
    assert [task.complete() for task in tasks] == [True] * 3


@pytest.mark.usefixtures("configured")
def test_the_older_name_of_a_flag(client: S3Client, folder: str) -> None:
    client.put_string("", f"{folder}/a/_SUCCESS")
    with pytest.warns(DeprecationWarning, match="S3FlagTarget"):
        target = S3EmrTarget(f"{folder}/a/")
    assert target.exists()
    with pytest.warns(DeprecationWarning):
        assert S3EmrTask(f"{folder}/a/").complete()
