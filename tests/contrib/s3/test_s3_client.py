"""S3Client on a real object store: what Luigi's client does, and where that was broken, what it promises."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from luigi.clock import SYSTEM
from luigi.contrib.s3 import DeprecatedBotoClientException, FileNotFoundException, InvalidDeleteException, S3Client
from luigi.target import FileAlreadyExists, FileSystemException, MissingParentDirectory, NotADirectory

pytestmark = pytest.mark.service("s3")
LARGE = b"content " * (2 * 1024 * 1024)


@pytest.fixture
def tree(client: S3Client, folder: str) -> str:
    """A file, and directories that are there for different reasons."""
    for name in ("file", "full/a", "full/deeper/b", "full-2/c", "marked/", "of-old_$folder$"):
        client.put_string(name, f"{folder}/{name}") if not name.endswith("/") else client.mkdir(f"{folder}/{name}")
    return folder


def names(client: S3Client, path: str) -> list[str]:
    return sorted(client.list(path))


def requests(client: S3Client) -> list[str]:
    """The calls that are made of the service from now on."""
    made: list[str] = []
    client.s3.meta.client.meta.events.register("before-call.s3", lambda model, **_: made.append(model.name))
    return made


# --- what is there ---------------------------------------------------------------------------------------------------


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
        ("of-old", True, True),
        ("of-old/", True, True),
        ("ful", False, False),
        ("missing", False, False),
        ("missing/", False, False),
    ],
)
def test_exists_and_isdir(client: S3Client, tree: str, name: str, exists: bool, isdir: bool) -> None:
    path = f"{tree}/{name}"
    assert client.exists(path) is exists
    assert client.isdir(path) is client.is_dir(path) is isdir
    assert client.exists_many([path]) == ({path} if exists else set())


def test_when_something_was_written(client: S3Client, tree: str) -> None:
    now = SYSTEM.now()
    times = [client.modified_at(f"{tree}/{name}") for name in ("full/a", "full/deeper/b", "full")]
    assert all(time is not None and abs(time - now) < 60 for time in times)
    assert times[2] == max(times[:2])
    assert client.modified_at(f"{tree}/missing") is None


def test_a_bucket_is_a_directory(client: S3Client) -> None:
    assert client.exists("s3://bucket")
    assert client.isdir("s3://bucket/")
    assert not client.exists("s3://no-such-bucket/")


def test_of_a_missing_bucket_nothing_is_known(client: S3Client) -> None:
    with pytest.raises(ClientError, match="NoSuchBucket"):
        client.exists("s3://no-such-bucket/file")


@pytest.mark.parametrize("scheme", ["s3", "s3n", "s3a"])
def test_any_of_the_schemes_will_do(client: S3Client, tree: str, scheme: str) -> None:
    assert client.exists(f"{scheme}{tree.removeprefix('s3')}/file")


@pytest.mark.parametrize("path", ["/tmp/file", "file", "s3:///file", "s3://", "://bucket/file"])
def test_other_paths_are_refused_by_name(client: S3Client, path: str) -> None:
    with pytest.raises(FileSystemException, match=f"{path!r} is no address"):
        client.exists(path)


def test_a_name_is_taken_as_it_is(client: S3Client, folder: str) -> None:
    path = f"{folder}/ä b+c%20?d=1#e"
    client.put_string("content", path)
    assert client.exists(path)
    assert list(client.listdir(folder)) == [path]
    client.move(path, f"{path}2")
    assert names(client, folder) == ["ä b+c%20?d=1#e2"]


def test_lists_what_is_below(client: S3Client, tree: str) -> None:
    assert names(client, f"{tree}/full") == names(client, f"{tree}/full/") == ["a", "deeper/b"]
    assert sorted(client.listdir(f"{tree}/full")) == [f"{tree}/full/a", f"{tree}/full/deeper/b"]
    assert names(client, f"{tree}/file") == []
    assert names(client, f"{tree}/marked") == []


def test_more_than_one_page(client: S3Client, folder: str) -> None:
    count = 1001
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda number: client.put_string("", f"{folder}/many/{number}"), range(count)))
    assert len(names(client, folder)) == count
    made = requests(client)
    client.remove(f"{folder}/many")
    assert made.count("DeleteObjects") + made.count("DeleteObject") == 2
    assert names(client, folder) == []


def test_lists_by_time(client: S3Client, tree: str) -> None:
    hour = timedelta(hours=1)
    changed = next(client.list(f"{tree}/full", return_key=True)).last_modified
    assert len(list(client.list(f"{tree}/full", start_time=changed - hour, end_time=changed + hour))) == 2
    assert list(client.list(f"{tree}/full", start_time=changed + hour)) == []
    assert list(client.listdir(f"{tree}/full", end_time=changed - hour)) == []
    local = changed.astimezone(timezone(timedelta())).astimezone().replace(tzinfo=None)
    assert len(list(client.list(f"{tree}/full", start_time=local - hour, end_time=local + hour))) == 2
    assert list(client.list(f"{tree}/full", start_time=local + hour)) == []


def test_lists_keys(client: S3Client, tree: str) -> None:
    for lister in (client.list, client.listdir):
        found = {key.key.rpartition("/")[2]: key.size for key in lister(f"{tree}/full", return_key=True)}
        assert found == {"a": len("full/a"), "b": len("full/deeper/b")}


def test_get_key(client: S3Client, tree: str) -> None:
    assert client.get_key(f"{tree}/file").get()["Body"].read() == b"file"
    assert client.get_key(f"{tree}/full") is None


def test_one_question_for_what_is_there(client: S3Client, tree: str) -> None:
    asked = requests(client)
    assert client.exists(f"{tree}/file")
    assert asked == ["HeadObject"]


# --- bringing and fetching -------------------------------------------------------------------------------------------


def test_puts_and_gets_files(client: S3Client, folder: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"\x00\xff")
    client.put(str(tmp_path / "file"), f"{folder}/file", ContentType="text/css")
    assert client.get_key(f"{folder}/file").get()["ContentType"] == "text/css"
    client.get(f"{folder}/file", str(tmp_path / "again"))
    assert (tmp_path / "again").read_bytes() == client.get_as_bytes(f"{folder}/file") == b"\x00\xff"


def test_puts_large_files_in_parts(client: S3Client, folder: str, tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(LARGE)
    made = requests(client)
    client.put_multipart(str(tmp_path / "large"), f"{folder}/large", part_size=6 * 1024 * 1024, ContentType="text/css")
    assert made.count("UploadPart") == 3
    assert client.copy(f"{folder}/large", f"{folder}/copy", part_size=6 * 1024 * 1024) == (1, len(LARGE))
    assert made.count("UploadPartCopy") == 3
    client.get(f"{folder}/copy", str(tmp_path / "again"))
    assert (tmp_path / "again").read_bytes() == LARGE
    assert client.get_key(f"{folder}/copy").get()["ContentType"] == "text/css"


def test_puts_and_gets_texts(client: S3Client, folder: str) -> None:
    client.put_string("süß", f"{folder}/text", ContentType="text/css")
    assert client.get_as_string(f"{folder}/text") == "süß"
    assert client.get_as_bytes(f"{folder}/text") == "süß".encode()
    assert client.get_key(f"{folder}/text").get()["ContentType"] == "text/css"
    client.put_string(b"\xe4", f"{folder}/text")
    assert client.get_as_string(f"{folder}/text", encoding="latin-1") == "ä"


def test_a_missing_file_is_not_put(client: S3Client, folder: str, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="missing"):
        client.put(str(tmp_path / "missing"), f"{folder}/file")
    assert not client.exists(f"{folder}/file")


def test_a_missing_object_is_not_got(client: S3Client, folder: str, tmp_path: Path) -> None:
    with pytest.raises(ClientError):
        client.get(f"{folder}/missing", str(tmp_path / "file"))
    with pytest.raises(ClientError, match="NoSuchKey"):
        client.get_as_string(f"{folder}/missing")
    assert list(tmp_path.iterdir()) == []


def test_a_bucket_is_no_object(client: S3Client) -> None:
    with pytest.raises(FileSystemException, match="no address of an object"):
        client.put_string("", "s3://bucket")


def test_an_option_of_boto_2_is_refused(client: S3Client, folder: str) -> None:
    with pytest.raises(DeprecatedBotoClientException, match="encrypt_key"):
        client.put_string("", f"{folder}/file", encrypt_key=True)
    assert not client.exists(f"{folder}/file")


# --- changing what is there ------------------------------------------------------------------------------------------


def test_mkdir(client: S3Client, tree: str) -> None:
    client.mkdir(f"{tree}/new/folder")
    assert client.isdir(f"{tree}/new/folder")
    with pytest.raises(FileAlreadyExists):
        client.mkdir(f"{tree}/new/folder/", raise_if_exists=True)
    client.mkdir(f"{tree}/new/other", parents=False)
    with pytest.raises(MissingParentDirectory, match="absent"):
        client.mkdir(f"{tree}/absent/folder", parents=False)
    with pytest.raises(NotADirectory):
        client.mkdir(f"{tree}/file")
    client.mkdir("s3://bucket")
    with pytest.raises(FileNotFoundException):
        client.mkdir("s3://no-such-bucket")


@pytest.mark.parametrize("name", ["full", "full/", "marked", "of-old"])
def test_directories_are_removed_with_their_markers(client: S3Client, tree: str, name: str) -> None:
    with pytest.raises(InvalidDeleteException, match="is a directory"):
        client.remove(f"{tree}/{name}", recursive=False)
    assert client.remove(f"{tree}/{name}") is True
    assert not client.exists(f"{tree}/{name}")
    assert client.exists(f"{tree}/full-2/c")
    assert client.exists(f"{tree}/file")


def test_remove_says_whether_there_was_something(client: S3Client, tree: str) -> None:
    assert client.remove(f"{tree}/missing") is False
    assert client.remove(f"{tree}/file", recursive=False) is True
    assert client.remove(f"{tree}/file", skip_trash=True) is False


def test_a_bucket_is_not_removed(client: S3Client, tree: str) -> None:
    for path in ("s3://bucket", "s3://bucket/"):
        with pytest.raises(InvalidDeleteException):
            client.remove(path)
    assert client.exists(f"{tree}/file")


# --- from one place to another ---------------------------------------------------------------------------------------


def test_copy_says_how_much(client: S3Client, tree: str) -> None:
    assert client.copy(f"{tree}/file", f"{tree}/file-2") == (1, 4)
    assert client.copy(f"{tree}/full", f"{tree}/copy/of", threads=2) == (2, len("full/a" + "full/deeper/b"))
    assert names(client, f"{tree}/copy") == ["of/a", "of/deeper/b"]
    assert client.get_as_string(f"{tree}/copy/of/deeper/b") == "full/deeper/b"
    assert names(client, f"{tree}/full") == ["a", "deeper/b"]


def test_copy_chooses_by_time(client: S3Client, tree: str) -> None:
    later = datetime.now().astimezone() + timedelta(hours=1)
    assert client.copy(f"{tree}/full", f"{tree}/none", start_time=later) == (0, 0)
    assert client.copy(f"{tree}/full", f"{tree}/all", end_time=later)[0] == 2


def test_a_move_takes_only_what_it_copied(client: S3Client, tree: str) -> None:
    later = datetime.now().astimezone() + timedelta(hours=1)
    client.move(f"{tree}/full", f"{tree}/none", start_time=later)
    assert names(client, f"{tree}/full") == ["a", "deeper/b"]


def test_copies_into_a_directory_named_with_a_slash(client: S3Client, tree: str) -> None:
    client.copy(f"{tree}/file", f"{tree}/full-2/")
    assert names(client, f"{tree}/full-2") == ["c", "file"]


@pytest.mark.parametrize("name", ["marked", "of-old"])
def test_empty_directories_are_moved(client: S3Client, tree: str, name: str) -> None:
    client.move(f"{tree}/{name}", f"{tree}/moved")
    assert client.isdir(f"{tree}/moved")
    assert not client.exists(f"{tree}/{name}")


def test_copies_take_options(client: S3Client, tree: str) -> None:
    client.copy(f"{tree}/file", f"{tree}/styled", ContentType="text/css", MetadataDirective="REPLACE")
    assert client.get_key(f"{tree}/styled").get()["ContentType"] == "text/css"


def test_nothing_is_not_copied(client: S3Client, tree: str) -> None:
    for act in (client.copy, client.move):
        with pytest.raises(FileNotFoundException, match="missing"):
            act(f"{tree}/missing", f"{tree}/new")


@pytest.mark.parametrize(("source", "destination"), [("file", "file"), ("full", "full"), ("full", "full/deeper/x")])
def test_nothing_is_moved_into_itself(client: S3Client, tree: str, source: str, destination: str) -> None:
    before = names(client, tree)
    with pytest.raises(FileSystemException, match="itself"):
        client.move(f"{tree}/{source}", f"{tree}/{destination}")
    assert names(client, tree) == before


def test_a_flag_is_copied_last(client: S3Client, folder: str) -> None:
    for name in ("_SUCCESS", "part-0", "part-1"):
        client.put_string("", f"{folder}/made/{name}")
    copied: list[str] = []
    client.s3.meta.client.meta.events.register(
        "before-parameter-build.s3.CopyObject", lambda params, **_: copied.append(params["Key"].rpartition("/")[2])
    )
    client.move(f"{folder}/made", f"{folder}/there")
    assert copied[-1] == "_SUCCESS"
    assert len(copied) == 3
