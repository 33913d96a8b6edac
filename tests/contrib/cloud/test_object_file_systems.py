"""What every store of objects does alike, as GCSClient and AzureBlobClient on their services."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable
from typing import Any

import pytest

import luigi
from luigi.contrib._cloud import existence
from luigi.contrib._cloud.errors import (
    CopyIntoItself,
    FileNotFoundException,
    InvalidDeleteException,
    NoAddress,
    NoBucket,
    Unreachable,
)
from luigi.contrib._cloud.file_system import ObjectFileSystem
from luigi.contrib.azureblob import AzureBlobClient, AzureBlobTarget
from luigi.contrib.gcs import GCSClient, GCSTarget
from luigi.format import Nop
from luigi.target import FileAlreadyExists, FileSystemTarget, MissingParentDirectory, NotADirectory


class Place:
    """A client, a folder in it that nothing is in, and what differs from service to service."""

    def __init__(
        self, client: ObjectFileSystem, root: str, target: Callable[[str], FileSystemTarget], away: Any
    ) -> None:
        self.client, self.root, self.target, self.away = client, root, target, away

    @property
    def beginning(self) -> str:
        """What stands before a bucket's name."""
        return self.root.partition("bucket")[0]

    def put(self, *names: str) -> list[str]:
        paths = [f"{self.root}/{name}" for name in names]
        for path in paths:
            with self.target(path).open("w") as stream:
                stream.write(path.encode())
        return paths

    def get(self, path: str) -> bytes:
        with self.target(path).open("r") as stream:
            return bytes(stream.read())

    def names(self, path: str = "") -> list[str]:
        return sorted(name.removeprefix(f"{self.root}/") for name in self.client.listdir(path or self.root))


@pytest.fixture(
    params=[
        pytest.param("gcs", marks=pytest.mark.service("gcs")),
        pytest.param("azure", marks=pytest.mark.service("azure")),
    ]
)
def place(request: pytest.FixtureRequest, number: int, luigi_config: Any, between: Any) -> Place:
    url = request.getfixturevalue(f"{request.param}_service")
    way = between(url)
    if request.param == "gcs":
        luigi_config("gcs", endpoint_url=way.url, anonymous=True, retries=0)
        gcs = GCSClient()
        return Place(gcs, f"gs://bucket/alike-{number}", lambda path: GCSTarget(path, Nop, gcs), way)
    request.getfixturevalue("azure_section")(custom_domain=way.url.removeprefix("http://"), retries=0)
    azure = AzureBlobClient()
    azure.create_container("bucket")
    return Place(azure, f"bucket/alike-{number}", lambda path: AzureBlobTarget(*path.split("/", 1), azure, Nop), way)


@pytest.fixture
def tree(place: Place) -> Place:
    """A file, and directories that are there for different reasons."""
    place.put("file", "full/a", "full/deeper/b", "full-2/c")
    place.client.mkdir(f"{place.root}/marked")
    return place


@pytest.mark.parametrize(
    ("name", "exists", "isdir"),
    [
        ("file", True, False),
        ("file/", False, False),
        ("full", True, True),
        ("full/", True, True),
        ("full/deeper", True, True),
        ("marked", True, True),
        ("marked/", True, True),
        ("ful", False, False),
        ("missing/", False, False),
    ],
)
def test_exists_and_isdir(tree: Place, name: str, exists: bool, isdir: bool) -> None:
    path = f"{tree.root}/{name}"
    assert tree.client.exists(path) is exists
    assert tree.client.isdir(path) is isdir
    assert tree.client.exists_many([path]) == ({path} if exists else set())


def test_a_bucket_is_a_directory(place: Place) -> None:
    bucket = f"{place.beginning}bucket"
    assert place.client.exists(bucket)
    assert place.client.isdir(f"{bucket}/")
    assert not place.client.exists(f"{place.beginning}no-such-bucket")
    place.client.mkdir(bucket)


def test_of_a_missing_bucket_nothing_is_known(place: Place) -> None:
    missing = f"{place.beginning}no-such-bucket"
    for act in (
        lambda: place.client.exists(f"{missing}/file"),
        lambda: place.client.mkdir(missing),
        lambda: place.client.mkdir(f"{missing}/folder"),
        lambda: list(place.client.listdir(missing)),
        lambda: place.target(f"{missing}/file").open("w").close(),
        lambda: place.client.copy(f"{missing}/file", f"{place.root}/file"),
    ):
        with pytest.raises(NoBucket, match="no-such-bucket") as caught:
            act()
        assert "correct the name" in caught.value.hint


def test_what_is_no_address_is_refused(place: Place) -> None:
    for path in ("/file", "", f"{place.beginning}/file"):
        with pytest.raises(NoAddress, match="no address"):
            place.client.exists(path)


@pytest.mark.parametrize("name", ["ä b+c%20?d=1#e", "süß", "%2F", "a'b\"", "x" * 200])
def test_a_name_is_taken_as_it_is(place: Place, name: str) -> None:
    (path,) = place.put(name)
    assert place.client.exists(path)
    assert list(place.client.listdir(place.root)) == [path]
    place.client.move(path, f"{path}2")
    assert place.names() == [f"{name}2"]
    assert place.get(f"{path}2") == path.encode()


def test_empty_and_large(place: Place) -> None:
    for content in (b"", b"0123456789abcdef" * (768 * 1024)):
        with place.target(f"{place.root}/file").open("w") as stream:
            stream.write(content)
        assert place.get(f"{place.root}/file") == content


def test_more_than_one_page(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    store = place.client._store
    monkeypatch.setattr(type(store).pages, "__defaults__", ("", 4))  # else it would take a thousand objects
    paths = place.put(*(f"many/{number:02}" for number in range(19)))
    place.away.asked.clear()
    assert sorted(place.client.listdir(f"{place.root}/many")) == paths
    assert len(place.away.asked) == 5
    place.client.copy(f"{place.root}/many", f"{place.root}/copies")
    assert place.client.remove(f"{place.root}/many") is True
    assert place.names() == [f"copies/{number:02}" for number in range(19)]


def test_a_directory_that_is_too_full_is_given_up(place: Place) -> None:
    paths = place.put(*(f"many/{number:02}" for number in range(20)))
    asked = {path: place.client._parse(path).key for path in paths}
    bucket, prefix = place.client._parse(f"{place.root}/many/")
    pages = place.client._store.pages(bucket, prefix, "/", 4)
    found, complete = existence._listed(pages, len(prefix), asked)
    assert not complete
    assert found == set(paths[:12])


def test_neighbours_cost_one_question(place: Place) -> None:
    paths = [f"{place.root}/day={number}/part" for number in range(40)]
    place.put(*(f"day={number}/part" for number in range(0, 40, 2)))
    place.away.asked.clear()
    assert place.client.exists_many(paths) == set(paths[::2])
    assert len(place.away.asked) == 1


def test_mkdir(tree: Place) -> None:
    tree.client.mkdir(f"{tree.root}/new/folder")
    assert tree.client.isdir(f"{tree.root}/new/folder")
    assert tree.names(f"{tree.root}/new") == ["new/folder/"]
    with pytest.raises(FileAlreadyExists):
        tree.client.mkdir(f"{tree.root}/new/folder/", raise_if_exists=True)
    tree.client.mkdir(f"{tree.root}/new/other", parents=False)
    with pytest.raises(MissingParentDirectory, match="absent"):
        tree.client.mkdir(f"{tree.root}/absent/folder", parents=False)
    for path in (f"{tree.root}/file", f"{tree.root}/file/"):
        with pytest.raises(NotADirectory):
            tree.client.mkdir(path)


@pytest.mark.parametrize("name", ["full", "full/", "marked"])
def test_directories_are_removed_with_what_marks_them(tree: Place, name: str) -> None:
    with pytest.raises(InvalidDeleteException, match="is a directory"):
        tree.client.remove(f"{tree.root}/{name}", recursive=False)
    assert tree.client.remove(f"{tree.root}/{name}") is True
    assert not tree.client.exists(f"{tree.root}/{name}")
    assert tree.client.exists(f"{tree.root}/full-2/c")


def test_remove_says_whether_there_was_something(tree: Place) -> None:
    assert tree.client.remove(f"{tree.root}/missing") is False
    assert tree.client.remove(f"{tree.root}/file", recursive=False) is True
    assert tree.client.remove(f"{tree.root}/file", skip_trash=True) is False
    tree.client._store.delete(*_bucket_and_keys(tree, "file", "full/a"))  # what is gone already is gone
    assert tree.names() == ["full-2/c", "full/deeper/b", "marked/"]


def _bucket_and_keys(place: Place, *names: str) -> tuple[str, list[str]]:
    bucket, key = place.client._parse(place.root)
    return bucket, [f"{key}/{name}" for name in names]


def test_a_bucket_is_not_removed(tree: Place) -> None:
    for path in (f"{tree.beginning}bucket", f"{tree.beginning}bucket/"):
        with pytest.raises(InvalidDeleteException):
            tree.client.remove(path)
    assert tree.client.exists(f"{tree.root}/file")


def test_directories_are_copied_whole(tree: Place) -> None:
    tree.client.copy(f"{tree.root}/full", f"{tree.root}/copy/")
    assert tree.names(f"{tree.root}/copy") == ["copy/a", "copy/deeper/b"]
    assert tree.get(f"{tree.root}/copy/a") == f"{tree.root}/full/a".encode()
    tree.client.move(f"{tree.root}/marked", f"{tree.root}/moved")
    assert tree.client.isdir(f"{tree.root}/moved")
    assert not tree.client.exists(f"{tree.root}/marked")


def test_an_object_goes_into_a_directory(tree: Place) -> None:
    tree.client.copy(f"{tree.root}/file", f"{tree.root}/new/")
    assert tree.names(f"{tree.root}/new") == ["new/file"]


def test_what_is_missing_is_not_copied(tree: Place) -> None:
    for act in (tree.client.copy, tree.client.move, tree.client.rename_dont_move):
        with pytest.raises(FileNotFoundException, match=f"{tree.root}/missing"):
            act(f"{tree.root}/missing", f"{tree.root}/other")


@pytest.mark.parametrize(("source", "destination"), [("file", "file"), ("full", "full"), ("full/", "full/deeper/x")])
def test_nothing_is_moved_into_itself(tree: Place, source: str, destination: str) -> None:
    with pytest.raises(CopyIntoItself):
        tree.client.move(f"{tree.root}/{source}", f"{tree.root}/{destination}")
    assert tree.names() == ["file", "full-2/c", "full/a", "full/deeper/b", "marked/"]


def test_flags_are_copied_last(place: Place) -> None:
    place.put("out/_SUCCESS", "out/a", "out/b", "out/z")
    place.away.asked.clear()
    place.client.copy(f"{place.root}/out", f"{place.root}/copy")
    assert "_SUCCESS" in place.away.asked[-1]


def test_a_failed_copy_removes_nothing(tree: Place) -> None:
    tree.away.for_method, tree.away.answers = ("POST" if "gs://" in tree.root else "PUT"), [500]
    with pytest.raises(Unreachable, match="500"):
        tree.client.move(f"{tree.root}/full", f"{tree.root}/moved")
    assert tree.names(f"{tree.root}/full") == ["full/a", "full/deeper/b"]


def test_of_two_writers_one_wins(place: Place) -> None:
    """Here only one after the other: that the service is asked to refuse stands in the tests of each client."""
    (one, other) = place.put("one", "other")
    place.client.rename_dont_move(one, f"{place.root}/final")
    with pytest.raises(FileAlreadyExists):
        place.client.rename_dont_move(other, f"{place.root}/final")
    assert place.names() == ["final", "other"]


def test_many_threads_share_a_client(place: Place) -> None:
    failed: list[BaseException] = []

    def write(number: int) -> None:
        try:
            place.put(f"{number}/a", f"{number}/b")
            place.client.rename(f"{place.root}/{number}/a", f"{place.root}/{number}/c")
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert place.names() == [f"{number}/{name}" for number in range(8) for name in "bc"]


def test_a_target_travels(place: Place) -> None:
    target = place.target(f"{place.root}/file")
    target.open("w").close()
    assert pickle.loads(pickle.dumps(target)).exists()


def test_an_upload_that_fails_leaves_nothing(place: Place) -> None:
    target = place.target(f"{place.root}/file")
    place.away.for_method, place.away.answers = ("POST" if "gs://" in place.root else "PUT"), [503]
    with pytest.raises(Unreachable, match="503"), target.open("w") as stream:
        stream.write(b"content")
    assert not target.exists()


class CloudSum(luigi.Task):
    """Adds the numbers of a file."""

    service = luigi.Parameter()
    folder = luigi.Parameter()

    def target(self, name: str) -> FileSystemTarget:
        path = f"{self.folder}/{name}"
        return GCSTarget(path) if self.service == "gcs" else AzureBlobTarget(*path.split("/", 1))

    def output(self) -> FileSystemTarget:
        return self.target("sum")

    def run(self) -> None:
        with self.target("numbers").open("r") as numbers, self.output().open("w") as total:
            total.write(str(sum(int(line) for line in numbers)))


def test_a_pipeline_in_processes(place: Place) -> None:
    folders = [f"{place.root}/{name}" for name in "ab"]
    for folder in folders:
        with place.target(f"{folder}/numbers").open("w") as stream:
            stream.write(b"1\n2\n3\n")
    service = "gcs" if "gs://" in place.root else "azure"
    tasks = [CloudSum(service, folder) for folder in folders]
    assert not tasks[0].complete()  # so that there is a connection which the children must not use
    assert luigi.build(tasks, local_scheduler=True, workers=2, log_level="CRITICAL")
    assert [place.get(f"{folder}/sum") for folder in folders] == [b"6", b"6"]


def test_modes(place: Place) -> None:
    for mode in ("a", "rt", "", "r+"):
        with pytest.raises(ValueError, match="mode"):
            place.target(f"{place.root}/file").open(mode)
