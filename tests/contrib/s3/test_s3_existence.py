"""Many existence checks at once: the same answers as one by one, with far fewer questions."""

from __future__ import annotations

import pytest

from luigi.contrib._cloud import existence
from luigi.contrib._s3.listings import Listings
from luigi.contrib.s3 import S3Client

pytestmark = pytest.mark.service("s3")


def questions(client: S3Client, paths: list[str]) -> tuple[set[str], list[str]]:
    """What exists, and the calls that were made to know it."""
    made: list[str] = []
    events = client.s3.meta.client.meta.events
    events.register("before-call.s3", lambda model, **_: made.append(model.name), unique_id="counting")
    try:
        return client.exists_many(paths), made
    finally:
        events.unregister("before-call.s3", unique_id="counting")


def test_neighbours_cost_one_question(client: S3Client, folder: str) -> None:
    paths = [f"{folder}/day/{number}" for number in range(40)]
    for path in paths[::2]:
        client.put_string("", path)
    assert questions(client, paths) == (set(paths[::2]), ["ListObjectsV2"])


def test_files_in_folders_of_their_own_cost_one_question(client: S3Client, folder: str) -> None:
    paths = [f"{folder}/day={number}/part" for number in range(40)]
    for path in paths[::2]:
        client.put_string("", path)
    assert questions(client, paths) == (set(paths[::2]), ["ListObjectsV2"])


def test_directories_are_seen_in_a_listing(client: S3Client, folder: str) -> None:
    for name in ("full/a", "full/deeper/b", "of-old_$folder$", "marked/", "file", "file-2"):
        client.put_string("", f"{folder}/{name}")
    names = ["full", "full/", "full/deeper", "of-old", "of-old/", "marked", "marked/", "file", "file/", "fil", "none"]
    paths = [f"{folder}/{name}" for name in names]
    found, made = questions(client, paths)
    assert found == {path for path in paths if client.exists(path)}
    assert {path.removeprefix(f"{folder}/") for path in paths} - {
        path.removeprefix(f"{folder}/") for path in found
    } == {
        "file/",
        "fil",
        "none",
    }
    assert made.count("ListObjectsV2") == 1 + made.count("HeadObject") == 2  # the rest is one file in a deeper folder


def test_a_folder_that_is_too_full_is_given_up(client: S3Client, folder: str) -> None:
    paths = [f"{folder}/many/{number:02}" for number in range(20)]
    for path in paths:
        client.put_string("", path)
    asked = {path: path.removeprefix("s3://bucket/") for path in paths}
    prefix = f"{folder}/many/".removeprefix("s3://bucket/")
    pages = Listings(client.s3.meta.client).pages("bucket", prefix, "/", size=4)
    found, complete = existence._listed(pages, len(prefix), asked)
    assert not complete
    assert found == set(paths[:12])


def test_several_buckets_and_places(client: S3Client, folder: str) -> None:
    client.put_string("", f"{folder}/a")
    found, _ = questions(client, [f"{folder}/a", "s3://bucket", "s3://no-such-bucket", f"{folder}/b/c"])
    assert found == {f"{folder}/a", "s3://bucket"}
