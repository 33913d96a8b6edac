"""Targets in S3 by URL, with a service that stands in for Amazon's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import luigi
from luigi.contrib.s3 import S3Client, S3Target
from luigi.errors import ConfigurationError
from luigi.format import Nop
from luigi.plugin_manager import PluginManager
from luigi.plugins.targets import s3
from luigi.testing import run_task
from luigi.testing.contracts import PluginContract


@pytest.fixture
def amazon(monkeypatch: pytest.MonkeyPatch, luigi_config: Any) -> Iterator[S3Client]:
    """A client of a service with a bucket in it, to which the section [s3] leads."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    url = "http://{}:{}".format(*server.get_host_and_port())
    luigi_config("s3", aws_access_key_id="anybody", aws_secret_access_key="any", region_name="us-east-1")
    luigi_config("s3", endpoint_url=url)
    S3Client().s3.create_bucket(Bucket="bucket")
    yield S3Client()
    server.stop()


class TestS3Plugin(PluginContract):
    plugin = s3


class CopyByUrl(luigi.Task):
    """Copies from one place to another."""

    source = luigi.TargetParameter()
    into = luigi.TargetParameter()

    def output(self) -> Any:
        return self.into

    def run(self) -> None:
        with self.source.open() as source, self.output().open("w") as into:
            into.write(source.read())


@pytest.mark.parametrize("scheme", ["s3", *s3.OTHER_NAMES])
def test_a_url_is_an_object(amazon: S3Client, scheme: str) -> None:
    target = luigi.open_target(f"{scheme}://bucket/folder/file", format=Nop)
    assert isinstance(target, S3Target)
    with target.open("w") as stream:
        stream.write(b"\xff")
    assert amazon.get_as_bytes("s3://bucket/folder/file") == b"\xff"


def test_a_pipeline_from_url_to_url(amazon: S3Client) -> None:
    amazon.put_string("content", "s3://bucket/a")
    task = CopyByUrl(source="s3://bucket/a", into="s3://bucket/b")
    assert run_task(task).complete()
    assert amazon.get_as_string("s3://bucket/b") == "content"


def test_a_wrong_section_is_said_when_a_url_is_opened(luigi_config: Any) -> None:
    luigi_config("s3", regoin_name="eu-west-1")
    with pytest.raises(ConfigurationError, match="regoin_name") as caught:
        luigi.open_target("s3://bucket/a")
    assert "region_name" in caught.value.hint


def test_the_self_test_asks_the_service(amazon: S3Client) -> None:
    (settings,) = PluginManager([s3]).settings(next(iter(s3.luigi_targets())))
    assert s3.check(settings) == "it answers; buckets: 1"


def test_the_self_test_of_nobody(monkeypatch: pytest.MonkeyPatch, luigi_config: Any) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    luigi_config("s3", region_name="us-east-1")
    assert s3.check(s3.Settings()) == "not tried: no credentials are configured"
