"""The section [s3]: what boto3 is told, who one is, and which connections are shared."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from luigi.configuration import LuigiConfigParser
from luigi.contrib._s3.settings import Settings
from luigi.contrib.s3 import S3Client
from luigi.errors import ConfigurationError
from luigi.plugin_settings import read

KEYS = {"aws_access_key_id": "of-the-section", "aws_secret_access_key": "secret-of-the-section"}


def said(client: S3Client) -> Any:
    """What the connection was made with."""
    return client.s3.meta.client.meta


def credentials(client: S3Client) -> tuple[str, str, str | None]:
    found = client.s3.meta.client._request_signer._credentials.get_frozen_credentials()
    return found.access_key, found.secret_key, found.token


@pytest.fixture
def section(luigi_config: Any) -> Any:
    """A function that sets options of the section."""
    return lambda **options: luigi_config("s3", **options)


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is configured on this machine does not count."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))


def test_the_section_is_what_boto3_is_told(section: Any) -> None:
    section(**KEYS, aws_session_token="lent", endpoint_url="http://127.0.0.1:9", region_name="eu-west-3")
    client = S3Client()
    assert credentials(client) == (*KEYS.values(), "lent")
    assert (said(client).endpoint_url, said(client).region_name) == ("http://127.0.0.1:9", "eu-west-3")


def test_what_is_given_is_stronger(section: Any) -> None:
    section(**KEYS, aws_session_token="lent", endpoint_url="http://127.0.0.1:9", region_name="eu-west-3")
    client = S3Client("given", "secret", region_name="us-east-1")
    assert credentials(client) == ("given", "secret", None)
    assert (said(client).endpoint_url, said(client).region_name) == ("http://127.0.0.1:9", "us-east-1")


def test_a_number_stays_a_secret(section: Any) -> None:
    section(aws_access_key_id="0012", aws_secret_access_key="0034")
    assert credentials(S3Client())[:2] == ("0012", "0034")


@pytest.mark.parametrize(("verify", "expected"), [("false", False), ("/etc/hosts", "/etc/hosts"), (False, False)])
def test_certificates(section: Any, verify: Any, expected: Any) -> None:
    section(**KEYS, region_name="us-east-1")
    client = S3Client(verify=verify).s3.meta.client
    assert client._endpoint.http_session._verify == expected


def test_without_https(section: Any) -> None:
    section(**KEYS, region_name="us-east-1", use_ssl=False)
    assert said(S3Client()).endpoint_url.startswith("http://")


def test_buckets_in_the_path(section: Any) -> None:
    section(**KEYS, region_name="us-east-1", addressing_style="path")
    url = S3Client().s3.meta.client.generate_presigned_url("get_object", {"Bucket": "bucket", "Key": "key"})
    assert "amazonaws.com/bucket/key" in url


def test_a_config_of_botocore_is_added(section: Any) -> None:
    from botocore.config import Config

    section(**KEYS, region_name="us-east-1", addressing_style="path")
    config = said(S3Client(config=Config(read_timeout=7))).config
    assert (config.read_timeout, config.s3["addressing_style"]) == (7, "path")


def test_an_unknown_option_is_named(section: Any) -> None:
    section(endpoint="http://127.0.0.1:9")
    with pytest.raises(ConfigurationError, match="has no option endpoint") as caught:
        S3Client().s3  # noqa: B018
    assert "endpoint_url" in caught.value.hint


def test_secrets_are_not_shown(section: Any) -> None:
    secret = "do-not-show"
    shown = repr(Settings(aws_access_key_id="who", aws_secret_access_key=secret, aws_session_token=secret))
    assert "who" in shown
    assert secret not in shown
    assert secret not in repr(S3Client("who", secret))


def test_clients_that_are_configured_alike_share_a_connection(section: Any) -> None:
    section(**KEYS, region_name="us-east-1")
    assert S3Client().s3 is S3Client().s3
    assert S3Client(region_name="us-east-2").s3 is not S3Client().s3
    before = S3Client().s3
    section(region_name="us-east-2")
    assert S3Client().s3 is not before


def test_a_client_travels(section: Any) -> None:
    section(region_name="us-east-1")
    client = S3Client("given", "secret")
    client.s3  # noqa: B018
    assert credentials(pickle.loads(pickle.dumps(client))) == ("given", "secret", None)


def test_a_child_has_a_connection_of_its_own(section: Any) -> None:
    section(**KEYS, region_name="us-east-1")
    here = id(S3Client().s3)
    with ProcessPoolExecutor(1, get_context("fork")) as pool:
        assert pool.submit(connection_of_a_child).result(timeout=60) != here


def connection_of_a_child() -> int:
    return id(S3Client().s3)


def test_options_of_uploads(section: Any, amazon: str) -> None:
    section(**KEYS, server_side_encryption="AES256", storage_class="STANDARD_IA")
    client = S3Client()
    client.s3.create_bucket(Bucket="bucket")
    client.put_string("content", "s3://bucket/a")
    client.copy("s3://bucket/a", "s3://bucket/b")
    client.put_string("content", "s3://bucket/c", StorageClass="ONEZONE_IA")
    kept = {key: client.get_key(f"s3://bucket/{key}").get() for key in "abc"}
    assert {key: answer["StorageClass"] for key, answer in kept.items()} == {
        "a": "STANDARD_IA",
        "b": "STANDARD_IA",
        "c": "ONEZONE_IA",
    }
    assert {answer["ServerSideEncryption"] for answer in kept.values()} == {"AES256"}


def test_a_role(section: Any, amazon: str) -> None:
    section(aws_role_arn="arn:aws:iam::123456789012:role/reader")
    client = S3Client()
    key, secret, token = credentials(client)
    assert key not in {"of-the-environment", ""}
    assert secret != "secret-of-the-environment"
    assert token
    client.s3.create_bucket(Bucket="bucket")
    assert client.exists("s3://bucket")


def test_a_role_is_taken_again_before_it_expires(section: Any, amazon: str) -> None:
    from botocore.credentials import DeferredRefreshableCredentials

    section(aws_role_arn="arn:aws:iam::123456789012:role/reader", aws_role_session_name="tests")
    found = S3Client().s3.meta.client._request_signer._credentials
    assert isinstance(found, DeferredRefreshableCredentials)
    first = found.get_frozen_credentials()
    assert found.get_frozen_credentials() == first
    found._expiry_time = found._time_fetcher()  # as if an hour had gone by
    assert found.get_frozen_credentials() != first


WITHOUT_BOTO3 = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("boto3", "botocore", "s3transfer"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
from luigi.contrib.s3 import S3Target
from luigi.errors import MissingExtra
for act in (S3Target("s3://bucket/key").exists, S3Target("s3://bucket/key").open):
    try:
        act()
    except MissingExtra as error:
        print(error, error.hint)
"""


def test_without_boto3_the_extra_is_named() -> None:
    said = subprocess.run([sys.executable, "-c", WITHOUT_BOTO3], text=True, capture_output=True, check=True).stdout
    sentence = 'luigi.contrib.s3 needs a package that is not installed pip install "luigi-kernel[s3]"'
    assert said.splitlines() == [sentence, sentence]


def test_toml(tmp_path: Path) -> None:
    parser = LuigiConfigParser()
    (tmp_path / "luigi.toml").write_text('[s3]\nuse_ssl = false\nregion_name = "us-east-1"\n')
    parser.read([str(tmp_path / "luigi.toml")])
    found = read(Settings, "s3", parser)
    assert (found.use_ssl, found.region_name) == (False, "us-east-1")
