"""GCSClient beyond what every store of objects does: its own verbs, who asks, patience, and errors."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httplib2
import pytest

from luigi.contrib import gcs
from luigi.contrib.gcp import get_authenticate_kwargs
from luigi.contrib.gcs import (
    FileNotFoundException,
    GCSClient,
    GCSFlagTarget,
    GCSTarget,
    NoBucket,
    Refused,
    Unreachable,
    WrongWildcard,
)
from luigi.errors import ConfigurationError
from luigi.target import FileAlreadyExists

served = pytest.mark.service("gcs")


@pytest.fixture
def way(gcs_service: str, between: Any, luigi_config: Any) -> Any:
    """How the service is reached; it notes what is asked."""
    found = between(gcs_service)
    luigi_config("gcs", endpoint_url=found.url, anonymous=True)
    return found


@pytest.fixture
def folder(way: Any, number: int) -> str:
    return f"gs://bucket/own-{number}"


@pytest.fixture
def client(way: Any) -> GCSClient:
    return GCSClient()


def content(client: GCSClient, path: str) -> bytes:
    with client.download(path) as file:
        return file.read()


def described(client: GCSClient, path: str) -> Any:
    bucket, _, key = path.removeprefix("gs://").partition("/")
    return client.client.objects().get(bucket=bucket, object=key).execute()


# --- its own verbs ---------------------------------------------------------------------------------------------------


@served
def test_puts_files_in_chunks(client: GCSClient, way: Any, folder: str, tmp_path: Path) -> None:
    (tmp_path / "a.css").write_bytes(b"x" * 700_000)
    client.put(str(tmp_path / "a.css"), f"{folder}/small")
    client.put(str(tmp_path / "a.css"), f"{folder}/other", mimetype="text/plain")
    way.asked.clear()
    client.put(str(tmp_path / "a.css"), f"{folder}/large", chunksize=256 * 1024)
    assert len(way.asked) == 1 + 3
    kinds = [described(client, f"{folder}/{name}")["contentType"] for name in ("small", "other")]
    assert kinds == ["text/css", "text/plain"]
    assert content(client, f"{folder}/large") == b"x" * 700_000


@served
@pytest.mark.parametrize("num_process", [1, 3])
def test_puts_many_files(client: GCSClient, folder: str, tmp_path: Path, num_process: int) -> None:
    files = [tmp_path / name for name in "abcd"]
    for file in files:
        file.write_text(file.name)
    client.put_multiple([str(file) for file in files], f"{folder}/in/", num_process=num_process)
    assert sorted(client.listdir(f"{folder}/in")) == [f"{folder}/in/{name}" for name in "abcd"]
    assert content(client, f"{folder}/in/c") == b"c"


@served
def test_of_many_files_a_missing_one_is_said(client: GCSClient, folder: str, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="missing"):
        client.put_multiple([str(tmp_path / "missing")], folder)


@served
def test_puts_texts(client: GCSClient, folder: str) -> None:
    client.put_string("süß", f"{folder}/text", mimetype="text/css")
    client.put_string(b"\xff", f"{folder}/bytes")
    assert content(client, f"{folder}/text") == "süß".encode()
    assert content(client, f"{folder}/bytes") == b"\xff"
    assert described(client, f"{folder}/text")["contentType"] == "text/css"


@served
def test_downloads_in_chunks(client: GCSClient, folder: str) -> None:
    client.put_string("0123456789", f"{folder}/file")
    seen: list[int] = []
    with client.download(
        f"{folder}/file", chunksize=4, chunk_callback=lambda file: bool(seen.append(file.tell()))
    ) as f:
        assert f.read() == b"0123456789"
    assert seen == [4, 8, 10]
    with client.download(f"{folder}/file", chunksize=4, chunk_callback=lambda _: True) as f:
        assert f.read() == b"0123"


@served
def test_a_download_is_gone_when_closed(client: GCSClient, folder: str) -> None:
    client.put_string("content", f"{folder}/file")
    file = client.download(f"{folder}/file")
    place = file._kept.name
    assert Path(place).exists()
    file.close()
    file.close()
    assert not Path(place).exists()
    with pytest.raises(FileNotFoundException, match=f"{folder}/missing"):
        client.download(f"{folder}/missing")


@served
def test_what_changed_meanwhile_is_not_mixed(client: GCSClient, folder: str) -> None:
    client.put_string("old " * 10, f"{folder}/file")

    def change(_: Any) -> bool:
        client.put_string("new " * 10, f"{folder}/file")
        return False

    with pytest.raises(FileNotFoundException):
        client.download(f"{folder}/file", chunksize=4, chunk_callback=change)


@served
def test_wildcards(client: GCSClient, folder: str) -> None:
    for name in ("a-1.csv", "a-2.csv", "a-3.txt", "a-sub/x.csv", "b.csv"):
        client.put_string("", f"{folder}/{name}")

    def found(pattern: str) -> list[str]:
        return [path.removeprefix(f"{folder}/") for path in client.list_wildcard(f"{folder}/{pattern}")]

    assert found("a-*") == ["a-1.csv", "a-2.csv", "a-3.txt", "a-sub/x.csv"]
    assert found("a-*.csv") == ["a-1.csv", "a-2.csv", "a-sub/x.csv"]
    assert found("a-1.csv*") == ["a-1.csv"]
    assert found("a-1*1.csv") == []
    for pattern in ("*/x.csv", "a-1.csv", "*-*"):
        with pytest.raises(WrongWildcard, match="last part"):
            found(pattern)


@served
def test_a_service_is_asked_not_to_replace(client: GCSClient, way: Any, folder: str) -> None:
    """The stand-in does not know that condition, so only the question can be seen."""
    client.put_string("", f"{folder}/a")
    client.rename_dont_move(f"{folder}/a", f"{folder}/b")
    (asked,) = (one for one in way.asked if "rewriteTo" in one)
    assert "ifGenerationMatch=0" in asked
    client.put_string("", f"{folder}/a")
    way.for_method, way.answers = "POST", [412]
    with pytest.raises(FileAlreadyExists):
        client.rename_dont_move(f"{folder}/a", f"{folder}/c")
    assert client.exists(f"{folder}/a")


@served
def test_many_are_removed_at_once(client: GCSClient, way: Any, folder: str) -> None:
    for number in range(12):
        client.put_string("", f"{folder}/{number}")
    way.asked.clear()
    client.remove(folder)
    assert [one for one in way.asked if one.startswith(("POST", "DELETE"))] == ["POST /batch/storage/v1"]
    assert not client.exists(folder)


# --- targets ---------------------------------------------------------------------------------------------------------


@served
def test_targets_can_be_made_and_share_a_client(way: Any, folder: str) -> None:
    target = GCSTarget(f"{folder}/file")
    assert target.fs is GCSFlagTarget(f"{folder}/").fs
    with target.open("w") as stream:
        stream.write("süß")
    with target.open() as stream:
        assert stream.read() == "süß"


@served
def test_a_flag_is_in_a_directory(client: GCSClient, folder: str) -> None:
    client.put_string("", f"{folder}/out/_DONE")
    assert GCSFlagTarget(f"{folder}/out/", flag="_DONE").exists()
    assert not GCSFlagTarget(f"{folder}/out/").exists()
    with pytest.raises(ValueError, match="gs://bucket/out does not say that it is a directory"):
        GCSFlagTarget("gs://bucket/out")


# --- patience and errors ---------------------------------------------------------------------------------------------


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Pauses are noted, not made."""
    import googleapiclient.http

    pauses: list[float] = []
    clock = SimpleNamespace(sleep=pauses.append, time=googleapiclient.http.time.time)
    monkeypatch.setattr(googleapiclient.http, "time", clock)  # its own: other threads sleep meanwhile
    return pauses


@served
@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_service_in_trouble_is_asked_again(
    client: GCSClient, way: Any, folder: str, hasty: list[float], status: int
) -> None:
    way.answers = [status, status]
    client.put_string("content", f"{folder}/file")
    assert len(hasty) == 2
    way.answers = [status]
    assert content(client, f"{folder}/file") == b"content"
    way.for_method, way.answers = "POST", [status]
    client.copy(f"{folder}/file", f"{folder}/copy")
    assert way.answers == []


@served
def test_a_service_that_stays_in_trouble(client: GCSClient, way: Any, hasty: list[float], luigi_config: Any) -> None:
    luigi_config("gcs", retries=2)
    way.answers = [503] * 20
    with pytest.raises(Unreachable, match=r"gs://bucket/file: .* 503") as caught:
        client.exists("gs://bucket/file")
    assert "retries" in caught.value.hint
    assert len(way.asked) == 3


@served
@pytest.mark.parametrize(("status", "hint"), [(401, "credentials_file"), (403, "role")])
def test_who_may_not_is_told(client: GCSClient, way: Any, status: int, hint: str) -> None:
    way.answers = [status]
    with pytest.raises(Refused, match="gs://bucket/file") as caught:
        client.exists("gs://bucket/file")
    assert hint in caught.value.hint
    assert isinstance(caught.value, PermissionError)


@served
def test_a_bucket_is_missing(client: GCSClient, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 300_000)
    with pytest.raises(NoBucket, match="no bucket no-such"):
        client.put(str(tmp_path / "file"), "gs://no-such/file")


def test_nobody_listens(luigi_config: Any) -> None:
    luigi_config("gcs", endpoint_url="http://127.0.0.1:9", anonymous=True, retries=0)
    with pytest.raises(Unreachable, match="gs://bucket/file") as caught:
        GCSClient().exists("gs://bucket/file")
    assert "endpoint_url" in caught.value.hint


def test_gcs_retry(monkeypatch: pytest.MonkeyPatch) -> None:
    from luigi.contrib._gcs import retrying

    pauses: list[float] = []
    monkeypatch.setattr(retrying, "SYSTEM", type("Clock", (), {"sleep": staticmethod(pauses.append)}))
    said = iter([ConnectionError(), error_of(503), httplib2.ServerNotFoundError(), "answer"])

    @gcs.gcs_retry
    def asked() -> Any:
        one = next(said)
        if isinstance(one, Exception):
            raise one
        return one

    assert asked() == "answer"
    assert pauses == [1.0, 2.0, 4.0]
    said = iter([error_of(404)])
    with pytest.raises(Exception, match="404"):
        asked()
    said = iter([ConnectionError(str(number)) for number in range(9)])
    with pytest.raises(ConnectionError, match="4"):
        asked()


def error_of(status: int) -> Any:
    from googleapiclient.errors import HttpError

    return HttpError(httplib2.Response({"status": status}), b"{}")


def test_constants() -> None:
    assert gcs.is_error_5xx(error_of(502))
    assert not gcs.is_error_5xx(error_of(404))
    assert not gcs.is_error_5xx(ValueError())
    assert (httplib2.HttpLib2Error, OSError) == gcs.RETRYABLE_ERRORS
    with pytest.raises(AttributeError, match="no attribute 'other'"):
        gcs.other  # noqa: B018


# --- who asks --------------------------------------------------------------------------------------------------------


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is configured on this machine does not count."""
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """Of a service account that there is not."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    kind, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    text = key.private_bytes(kind, form, serialization.NoEncryption()).decode()
    account = {"type": "service_account", "project_id": "p", "private_key_id": "1", "private_key": text}
    where = {"client_email": "robot@p.iam.gserviceaccount.com", "token_uri": "http://127.0.0.1:9/token"}
    file = tmp_path / "key.json"
    file.write_text(json.dumps({**account, **where}))
    return file


@pytest.mark.usefixtures("alone")
def test_get_authenticate_kwargs(monkeypatch: pytest.MonkeyPatch, key_file: Path) -> None:
    assert get_authenticate_kwargs("credentials", "http") == {"credentials": "credentials"}
    assert get_authenticate_kwargs(http_="http") == {"http": "http"}
    assert isinstance(get_authenticate_kwargs()["http"], httplib2.Http)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(key_file))
    assert get_authenticate_kwargs()["credentials"].service_account_email == "robot@p.iam.gserviceaccount.com"


@pytest.mark.usefixtures("alone")
def test_a_key_file(luigi_config: Any, key_file: Path) -> None:
    luigi_config("gcs", credentials_file=str(key_file), retries=0)
    credentials = GCSClient()._connection._credentials
    assert credentials.service_account_email == "robot@p.iam.gserviceaccount.com"
    assert credentials.scopes
    with pytest.raises(Unreachable):
        GCSClient().exists("gs://bucket/file")  # nobody gives a token for it


@pytest.mark.usefixtures("alone")
def test_a_file_that_is_none(luigi_config: Any, tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("{}")
    for name in ("empty", "missing"):
        luigi_config("gcs", credentials_file=str(tmp_path / name))
        with pytest.raises(Refused, match=f"{name}: .* no key file"):
            GCSClient().exists("gs://bucket/file")


@served
def test_credentials_that_are_given_are_sent(gcs_service: str, between: Any, luigi_config: Any, caplog: Any) -> None:
    from google.oauth2.credentials import Credentials

    way = between(gcs_service)
    luigi_config("gcs", endpoint_url=way.url)
    client = GCSClient(oauth_credentials=Credentials("do-not-show"))
    assert client.exists("gs://bucket")
    way.answers = [401] * 9
    with pytest.raises(Refused) as caught:
        client.exists("gs://bucket")
    assert "do-not-show" not in f"{caught.value!r} {caught.value.__cause__!r} {caplog.text} {client!r}"


@served
def test_a_connection_that_is_given_is_used(way: Any) -> None:
    class Counting(httplib2.Http):
        calls = 0

        def request(self, *args: Any, **kwargs: Any) -> Any:
            self.calls += 1
            return super().request(*args, **kwargs)

    http = Counting()
    assert GCSClient(http_=http).exists("gs://bucket")
    assert http.calls == 1


@served
def test_a_descriptor_says_where_the_service_is(gcs_service: str, luigi_config: Any) -> None:
    from googleapiclient.discovery_cache import get_static_doc

    luigi_config("gcs", anonymous=True)
    document = {**json.loads(get_static_doc("storage", "v1")), "rootUrl": f"{gcs_service}/"}
    assert GCSClient(descriptor=json.dumps(document)).exists("gs://bucket")


@pytest.mark.usefixtures("alone")
def test_googles_own_address_needs_no_network_to_be_known(luigi_config: Any) -> None:
    luigi_config("gcs", anonymous=True, timeout=7)
    client = GCSClient(cache_discovery=False)
    assert client.client._baseUrl == "https://storage.googleapis.com/storage/v1/"
    assert client._connection._http().timeout == 7


def test_a_wrong_option_is_named(luigi_config: Any) -> None:
    luigi_config("gcs", endpoint="http://127.0.0.1:9")
    with pytest.raises(ConfigurationError, match="has no option endpoint") as caught:
        GCSClient().client  # noqa: B018
    assert "endpoint_url" in caught.value.hint


@served
def test_a_client_travels(client: GCSClient) -> None:
    assert client.exists("gs://bucket")
    assert pickle.loads(pickle.dumps(client)).exists("gs://bucket")


@served
def test_a_child_has_a_connection_of_its_own(client: GCSClient) -> None:
    here = id(client.client)
    with ProcessPoolExecutor(1, get_context("fork"), initializer=Parent.keep, initargs=(client,)) as pool:
        child, there, exists = pool.submit(Parent.ask).result(timeout=60)
    assert child != os.getpid()
    assert exists
    assert there != here


class Parent:
    """What a child gets from its parent by being forked."""

    client: GCSClient

    @classmethod
    def keep(cls, client: GCSClient) -> None:
        cls.client = client

    @classmethod
    def ask(cls) -> tuple[int, int, bool]:
        return os.getpid(), id(cls.client.client), cls.client.exists("gs://bucket")


WITHOUT = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("google", "googleapiclient", "httplib2", "google_auth_httplib2"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
import luigi.contrib.gcp
from luigi.contrib.gcs import GCSTarget
from luigi.errors import MissingExtra
for act in (GCSTarget("gs://bucket/key").exists, GCSTarget("gs://bucket/key").open):
    try:
        act()
    except MissingExtra as error:
        print(error, error.hint)
"""


def test_without_googles_client_the_extra_is_named() -> None:
    said = subprocess.run([sys.executable, "-c", WITHOUT], text=True, capture_output=True, check=True).stdout
    sentence = 'luigi.contrib.gcs needs a package that is not installed pip install "luigi-kernel[gcs]"'
    assert said.splitlines() == [sentence, sentence]
