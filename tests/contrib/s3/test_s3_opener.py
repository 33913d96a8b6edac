"""Objects in S3 by their addresses, with options behind a question mark."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.contrib.opener import OpenerTarget
from luigi.contrib.s3 import S3Client, S3Target

pytestmark = pytest.mark.service("s3")


def written(address: str, **keywords: Any) -> S3Target:
    target = OpenerTarget(address, **keywords)
    assert isinstance(target, S3Target)
    with target.open("w") as file:
        file.write("content")
    return target


@pytest.mark.parametrize("scheme", ["s3", "s3n", "s3a"])
def test_an_address_is_an_object(client: S3Client, folder: str, scheme: str) -> None:
    written(f"{folder}/a b/c%20d#e".replace("s3:", f"{scheme}:"), client=client)
    assert client.get_as_string(f"{folder}/a b/c%20d#e") == "content"


def test_options_of_the_upload(client: S3Client, folder: str) -> None:
    written(f"{folder}/a?ContentType=text/csv&CacheControl=no-store", client=client)
    answer = client.get_key(f"{folder}/a").get()
    assert (answer["ContentType"], answer["CacheControl"]) == ("text/csv", "no-store")


def test_options_of_the_connection(s3_service: str, client: S3Client, folder: str) -> None:
    keys = "aws_access_key_id=anybody&aws_secret_access_key=any%2Fsecret&region_name=us-east-1"
    target = written(f"{folder}/a?{keys}&endpoint_url={s3_service}")
    assert target.s3_options == {}
    assert client.get_as_string(f"{folder}/a") == "content"
