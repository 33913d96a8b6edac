"""AzureBlobClient beyond what every store of objects does: its own verbs, who asks, patience, and errors."""

from __future__ import annotations

import pickle
import subprocess
import sys
import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from luigi.contrib._azure.settings import Settings
from luigi.contrib.azureblob import (
    AtomicAzureBlobFile,
    AzureBlobClient,
    AzureBlobTarget,
    CopyFailed,
    FileNotFoundException,
    NoAccount,
    NoBucket,
    ReadableAzureBlobFile,
    Refused,
    Unreachable,
    WrongConnectionString,
)
from luigi.errors import ConfigurationError
from luigi.format import Nop
from luigi.target import FileAlreadyExists

served = pytest.mark.service("azure")
SECRET = "c2VjcmV0LWRvLW5vdC1zaG93"
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


@pytest.fixture
def client(azure_section: Any) -> AzureBlobClient:
    return AzureBlobClient()


@pytest.fixture
def folder(number: int) -> str:
    return f"own-{number}"


@pytest.fixture
def way(azure_service: str, between: Any, azure_section: Any) -> Any:
    """How the service is reached; it notes what is asked."""
    found = between(azure_service)
    azure_section(custom_domain=found.url.removeprefix("http://"))
    return found


def put(client: AzureBlobClient, path: str, content: bytes = b"content") -> str:
    container, _, blob = path.partition("/")
    with AzureBlobTarget(container, blob, client, Nop).open("w") as stream:
        stream.write(content)
    return path


# --- its own verbs ---------------------------------------------------------------------------------------------------


@served
def test_containers(client: AzureBlobClient, number: int) -> None:
    name = f"made-{number}"
    assert client.create_container(name).container_name == name
    assert client.create_container(name) is None
    put(client, f"{name}/file")
    assert client.container_client(name).exists()
    assert client.blob_client(name, "file").exists()
    client.delete_container(name)
    assert not client.exists(name)
    with pytest.raises(NoBucket, match=f"no container {name}"):
        client.delete_container(name)


def test_splitfilepath() -> None:
    split = AzureBlobClient.splitfilepath
    assert [split(path) for path in ("a/b/c", "a", "a/", "/b")] == [("a", "b/c"), ("a", None), ("a", ""), ("", "b")]


@served
def test_a_scheme_may_stand_before(client: AzureBlobClient, folder: str) -> None:
    put(client, f"container/{folder}/file")
    assert list(client.listdir(f"azure://container/{folder}")) == [f"azure://container/{folder}/file"]


@served
def test_uploads_and_downloads(client: AzureBlobClient, folder: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"0123456789")
    client.upload(str(tmp_path / "file"), "container", f"{folder}/file", metadata={"made": "here"})
    assert client.download_as_bytes("container", f"{folder}/file") == b"0123456789"
    assert client.download_as_bytes("container", f"{folder}/file", 4) == b"0123"
    assert client.download_as_bytes("container", f"{folder}/file", 0) == b""
    found = client.download_as_file("container", f"{folder}/file", str(tmp_path / "again"))
    assert (tmp_path / "again").read_bytes() == b"0123456789"
    assert (found.size, found.metadata) == (10, {"made": "here"})
    client.download_as_file("container", f"{folder}/file", str(tmp_path / "new folder" / "again"))
    assert (tmp_path / "new folder" / "again").read_bytes() == b"0123456789"


@served
def test_what_is_missing_leaves_no_file(client: AzureBlobClient, folder: str, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundException, match=f"container/{folder}/missing"):
        client.download_as_file("container", f"{folder}/missing", str(tmp_path / "again"))
    with pytest.raises(FileNotFoundException):
        client.download_as_bytes("container", f"{folder}/missing")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(FileNotFoundError, match="missing"):
        client.upload(str(tmp_path / "missing"), "container", "file")


@served
def test_copies_to_another_container(client: AzureBlobClient, folder: str) -> None:
    client.create_container("another")
    put(client, f"container/{folder}/ä b")
    client.copy(f"container/{folder}/ä b", f"another/{folder}/file")
    assert client.download_as_bytes("another", f"{folder}/file") == b"content"
    assert client.move(f"another/{folder}/file", f"container/{folder}/back") is True
    assert not client.exists(f"another/{folder}/file")


@served
def test_a_service_refuses_to_replace(client: AzureBlobClient, folder: str) -> None:
    """Also what came after we looked."""
    put(client, f"container/{folder}/a", b"a")
    put(client, f"container/{folder}/b", b"b")
    source, destination = (client._parse(f"container/{folder}/{name}") for name in "ab")
    with pytest.raises(FileAlreadyExists, match=f"{folder}/b exists"):
        client._store.copy(source, destination, replace=False)
    assert client.download_as_bytes("container", f"{folder}/b") == b"b"


@served
@pytest.mark.parametrize(("end", "raises"), [("success", False), ("aborted", True)])
def test_a_copy_that_takes_its_time(
    client: AzureBlobClient, folder: str, monkeypatch: pytest.MonkeyPatch, end: str, raises: bool
) -> None:
    """Azurite is always done at once, so what it says is changed on its way."""
    from azure.storage.blob import BlobClient

    from luigi.contrib._azure import store

    pauses: list[float] = []
    put(client, f"container/{folder}/a")
    start, ask = BlobClient.start_copy_from_url, BlobClient.get_blob_properties

    def asked(blob: Any) -> Any:
        found = ask(blob)
        found.copy.status, found.copy.status_description = ("pending" if len(pauses) < 2 else end), "the reason"
        return found

    monkeypatch.setattr(BlobClient, "start_copy_from_url", lambda *a, **k: {**start(*a, **k), "copy_status": "pending"})
    monkeypatch.setattr(BlobClient, "get_blob_properties", asked)
    monkeypatch.setattr(store, "SYSTEM", type("Clock", (), {"sleep": staticmethod(pauses.append)}))
    if raises:
        with pytest.raises(CopyFailed, match="was not copied: the reason"):
            client.move(f"container/{folder}/a", f"container/{folder}/b")
    else:
        client.copy(f"container/{folder}/a", f"container/{folder}/b")
    assert len(pauses) == 2
    assert next(client.listdir(f"container/{folder}")) == f"container/{folder}/a"


# --- files -----------------------------------------------------------------------------------------------------------


@served
@pytest.mark.parametrize("whole", [True, False])
def test_is_read_like_any_file(client: AzureBlobClient, folder: str, whole: bool) -> None:
    put(client, f"container/{folder}/deep/file", b"one\ntwo\nthree")
    with ReadableAzureBlobFile("container", f"{folder}/deep/file", client, whole) as stream:
        assert (stream.readable(), stream.writable(), stream.seekable()) == (True, False, True)
        assert stream.read(2) == b"on"
        assert stream.readline() == b"e\n"
        assert list(stream) == [b"two\n", b"three"]
        assert stream.read() == stream.read(None) == b""
        assert stream.seek(4) == 4
        assert stream.read(3) == b"two"
        assert stream.seek(-5, 2) == 8
        assert stream.read() == b"three"


@served
def test_in_pieces_nothing_is_mixed(client: AzureBlobClient, folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from luigi.contrib._azure import streams

    monkeypatch.setattr(streams, "AHEAD", 100)
    put(client, f"container/{folder}/file", b"old " * 100)
    with ReadableAzureBlobFile("container", f"{folder}/file", client, False) as stream:
        assert stream.read(4) == b"old "
        put(client, f"container/{folder}/file", b"new " * 100)
        with pytest.raises(Exception, match="ConditionNotMet|condition"):
            stream.read()


@served
def test_options_go_with_the_upload(client: AzureBlobClient, folder: str) -> None:
    from azure.storage.blob import ContentSettings

    settings = ContentSettings(content_type="text/css")
    target = AzureBlobTarget("container", f"{folder}/file", client, content_settings=settings)
    with target.open("w") as stream:
        stream.write("süß")
    assert (
        client.blob_client("container", target.blob).get_blob_properties().content_settings.content_type == "text/css"
    )
    with target.open() as stream:
        assert stream.read() == "süß"
    assert (target.path, target.container, target.blob) == (f"container/{folder}/file", "container", f"{folder}/file")


@served
def test_nothing_is_seen_before_it_is_closed(client: AzureBlobClient, folder: str) -> None:
    stream = AtomicAzureBlobFile("container", f"{folder}/file", client)
    stream.write(b"content")
    stream.flush()
    assert not client.exists(f"container/{folder}/file")
    stream.close()
    assert client.download_as_bytes("container", f"{folder}/file") == b"content"
    assert not Path(stream.tmp_path).exists()


# --- patience and errors ---------------------------------------------------------------------------------------------


@served
@pytest.mark.parametrize("status", [500, 503])
def test_a_service_in_trouble_is_asked_again(way: Any, folder: str, status: int) -> None:
    client = AzureBlobClient(retries=2)
    way.answers = [status]
    put(client, f"container/{folder}/file")
    assert client.download_as_bytes("container", f"{folder}/file") == b"content"
    assert way.answers == []
    way.answers = [status] * 9
    with pytest.raises(Unreachable, match=f"container/x: .* {status}") as caught:
        AzureBlobClient(retries=0).exists("container/x")
    assert "retries" in caught.value.hint
    assert len(way.answers) == 8


@served
def test_a_wrong_key_is_told_and_not_shown(client: AzureBlobClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    wrong = AzureBlobClient(ACCOUNT, SECRET)
    with pytest.raises(Refused, match="container/file") as caught:
        wrong.exists("container/file")
    assert "account_key" in caught.value.hint
    assert SECRET not in "".join(traceback.format_exception(caught.value)) + caplog.text + repr(wrong)


def test_what_is_no_key_at_all(luigi_config: Any) -> None:
    with pytest.raises(Refused, match="container/file"):
        AzureBlobClient("account", "a", retries=0).exists("container/file")
    with pytest.raises(WrongConnectionString) as caught:
        AzureBlobClient(connection_string=f"AccountKey={SECRET}").exists("container/file")
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_nobody_listens(luigi_config: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    given = {"custom_domain": "127.0.0.1:9", "protocol": "http", "retries": 0}
    for keys in ({"account_key": SECRET}, {"sas_token": f"sv=2020&sig={SECRET}"}):
        with pytest.raises(Unreachable, match="container/file") as caught:
            AzureBlobClient("account", **keys, **given).exists("container/file")
        assert SECRET not in "".join(traceback.format_exception(caught.value)) + caplog.text


def test_nobody_is_configured(luigi_config: Any) -> None:
    for act in (lambda: AzureBlobClient().connection, AzureBlobTarget("container", "blob").exists):
        with pytest.raises(NoAccount, match="no storage account") as caught:
            act()
        assert "[azureblob]" in caught.value.hint


# --- who asks --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "url"),
    [
        ({}, "https://account.blob.core.windows.net/"),
        ({"protocol": "http"}, "http://account.blob.core.windows.net/"),
        ({"endpoint_suffix": "core.chinacloudapi.cn"}, "https://account.blob.core.chinacloudapi.cn/"),
        ({"custom_domain": "127.0.0.1:9", "protocol": "http"}, "http://127.0.0.1:9/account/"),
        ({"endpoint_url": "https://files.example.com"}, "https://files.example.com/"),
    ],
)
def test_where_the_account_is(luigi_config: Any, options: dict[str, str], url: str) -> None:
    assert AzureBlobClient("account", SECRET, **options).connection.url == url
    luigi_config("azureblob", account_name="account", account_key=SECRET, **options)
    assert AzureBlobClient().connection.url == url


@served
def test_a_signature(client: AzureBlobClient, azure_service: str, folder: str) -> None:
    from azure.storage.blob import AccountSasPermissions, ResourceTypes, generate_account_sas

    until = datetime.now(UTC) + timedelta(hours=1)
    kinds, may = ResourceTypes(container=True, object=True), AccountSasPermissions(read=True, list=True, write=True)
    token = generate_account_sas(ACCOUNT, KEY, kinds, may, until)
    where = {"custom_domain": azure_service.removeprefix("http://"), "protocol": "http"}
    signed = AzureBlobClient(ACCOUNT, sas_token=f"?{token}", **where)
    put(signed, f"container/{folder}/file")
    signed.copy(f"container/{folder}/file", f"container/{folder}/copy")
    assert signed.exists(f"container/{folder}/copy")
    with pytest.raises(Refused) as caught:
        signed.remove(f"container/{folder}/file")
    assert token.partition("sig=")[2] not in "".join(traceback.format_exception(caught.value))


@served
def test_a_connection_string(azure_service: str) -> None:
    text = (
        f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY};BlobEndpoint={azure_service}/{ACCOUNT};"
    )
    client = AzureBlobClient(connection_string=text)
    client.create_container("container")
    assert client.exists("container")


def test_a_token_credential_and_other_keywords(luigi_config: Any) -> None:
    class Lent:
        def get_token(self, *scopes: str, **kwargs: Any) -> Any:
            raise NotImplementedError

    lent = Lent()
    client = AzureBlobClient("account", token_credential=lent, max_single_put_size=1000)
    assert client.connection.credential is lent
    assert client.connection._config.max_single_put_size == 1000


def test_what_is_given_is_stronger(luigi_config: Any) -> None:
    luigi_config("azureblob", account_name="section", account_key=SECRET, protocol="http")
    connection = AzureBlobClient("given", sas_token="sv=1&sig=2").connection
    assert connection.url == "http://given.blob.core.windows.net/?sv=1&sig=2"
    assert getattr(connection.credential, "account_key", None) is None


def test_a_wrong_option_is_named(luigi_config: Any) -> None:
    luigi_config("azureblob", acount_name="me")
    with pytest.raises(ConfigurationError, match="has no option acount_name") as caught:
        AzureBlobClient().connection  # noqa: B018
    assert "account_name" in caught.value.hint


def test_secrets_are_not_shown() -> None:
    shown = repr(Settings(account_name="who", account_key=SECRET, sas_token=SECRET, connection_string=SECRET))
    assert "who" in shown
    assert SECRET not in shown
    assert SECRET not in repr(AzureBlobClient("who", SECRET))


@served
def test_a_client_travels(client: AzureBlobClient) -> None:
    assert client.exists("container")
    assert pickle.loads(pickle.dumps(client)).exists("container")


WITHOUT = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "azure":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
from luigi.contrib.azureblob import AzureBlobTarget
from luigi.errors import MissingExtra
for act in (AzureBlobTarget("container", "blob").exists, AzureBlobTarget("container", "blob").open):
    try:
        act()
    except MissingExtra as error:
        print(error, error.hint)
"""


def test_without_azures_client_the_extra_is_named() -> None:
    said = subprocess.run([sys.executable, "-c", WITHOUT], text=True, capture_output=True, check=True).stdout
    sentence = 'luigi.contrib.azureblob needs a package that is not installed pip install "luigi-kernel[azure]"'
    assert said.splitlines() == [sentence, sentence]
