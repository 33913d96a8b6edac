"""What a user is told to do when the service refuses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from luigi.contrib.s3 import S3Client, S3Target
from luigi.testing.http_sink import HttpSink

SECRET = "a-secret-that-nobody-may-read"


@pytest.fixture(scope="module")
def refusing() -> Iterator[HttpSink]:
    """Stands in for Amazon: what it refuses, and why, is up to the test."""
    with HttpSink(403) as service:
        yield service


def refuse(service: HttpSink, status: int, code: str) -> S3Client:
    """A client of a service that answers everything so."""
    service.status = status
    service.body = f"<Error><Code>{code}</Code><Message>Its own words.</Message></Error>".encode()
    return S3Client("a-key", SECRET, endpoint_url=service.url, region_name="us-east-1")


@pytest.mark.parametrize(
    ("status", "code", "hint"),
    [
        (404, "NoSuchBucket", "make the bucket first"),
        (403, "InvalidAccessKeyId", "aws_access_key_id"),
        (403, "SignatureDoesNotMatch", "aws_secret_access_key"),
        (400, "ExpiredToken", "aws_role_arn"),
        (403, "AccessDenied", "may not do that"),
        (400, "AuthorizationHeaderMalformed", "region_name"),
    ],
)
def test_a_refusal_says_what_to_do(refusing: HttpSink, status: int, code: str, hint: str) -> None:
    client = refuse(refusing, status, code)
    with pytest.raises(ClientError, match=rf"{code}.*Its own words.*hint: .*{hint}") as caught:
        client.put_string("content", "s3://bucket/key")
    assert caught.value.response["Error"]["Code"] == code
    assert SECRET not in str(caught.value)


def test_so_does_one_without_words(refusing: HttpSink) -> None:
    with pytest.raises(ClientError, match="may not do that") as caught:
        refuse(refusing, 403, "AccessDenied").exists("s3://bucket/key")
    assert caught.value.__notes__ == ["when asked for s3://bucket/key"]


def test_so_does_one_of_a_transfer(refusing: HttpSink) -> None:
    target = S3Target("s3://bucket/key", client=refuse(refusing, 404, "NoSuchBucket"))
    file = target.open("w")
    file.write("content")
    with pytest.raises(ClientError, match="make the bucket first"):
        file.close()


def test_other_errors_are_the_services_own(refusing: HttpSink) -> None:
    with pytest.raises(ClientError, match="Its own words.$"):
        refuse(refusing, 400, "InvalidRequest").put_string("content", "s3://bucket/key")


@pytest.mark.service("s3")
def test_a_real_service_refuses_so(client: S3Client) -> None:
    with pytest.raises(ClientError, match="make the bucket first"):
        client.exists("s3://no-such-bucket/key")
