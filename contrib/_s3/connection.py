"""The connection to S3: made when first needed, one for all clients of a process that are configured alike."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from luigi.contrib._s3.hints import add_hints
from luigi.contrib._s3.settings import DEFAULT_THREADS, Settings
from luigi.extras import need

EXTRA = "s3"
WHO = "luigi.contrib.s3"


@lru_cache(maxsize=64)
def connected(process: int, settings: Settings, more: tuple[tuple[str, Any], ...]) -> Any:
    """The service resource of boto3. `more` goes to boto3 as it is.

    `process` is the id of the process that asks: a child that shared its parent's sockets would read its answers.
    """
    given = dict(more)
    config = _config(settings)
    config = config.merge(given.pop("config", config))
    resource = session(settings).resource("s3", config=config, **{**_options(settings), **given})
    add_hints(resource.meta.client)
    return resource


def service_error() -> Any:
    """The class of botocore's errors that say what the service has answered. Raises MissingExtra."""
    return need("botocore.exceptions", EXTRA, WHO).ClientError


def session(settings: Settings) -> Any:
    """Who asks, as boto3's Session: in the role, if there is one. Raises MissingExtra and botocore's errors."""
    boto3 = need("boto3", EXTRA, WHO)
    keys = _given(settings, "aws_access_key_id", "aws_secret_access_key", "aws_session_token")
    found = boto3.Session(**keys, **_given(settings, "profile_name", "region_name"))
    return _in_role(found, settings) if settings.aws_role_arn else found


def _in_role(source: Any, settings: Settings) -> Any:
    """A session whose keys are lent, and asked for anew some minutes before they expire."""
    boto3 = need("boto3", EXTRA, WHO)
    tokens = source.client("sts")

    def lent() -> dict[str, Any]:
        answer = tokens.assume_role(RoleArn=settings.aws_role_arn, RoleSessionName=settings.aws_role_session_name)
        keys = answer["Credentials"]
        return {
            "access_key": keys["AccessKeyId"],
            "secret_key": keys["SecretAccessKey"],
            "token": keys["SessionToken"],
            "expiry_time": keys["Expiration"].isoformat(),
        }

    kinds = need("botocore.credentials", EXTRA)
    inner = need("botocore.session", EXTRA).Session()
    credentials = kinds.DeferredRefreshableCredentials(refresh_using=lent, method="assume-role")
    inner.register_component("credential_provider", _Known(credentials))
    return boto3.Session(botocore_session=inner, region_name=source.region_name)


class _Known:
    """Where a session of botocore finds its credentials: they are given."""

    def __init__(self, credentials: Any) -> None:
        self._credentials = credentials

    def load_credentials(self) -> Any:
        """They."""
        return self._credentials


def _config(settings: Settings) -> Any:
    style = {"addressing_style": settings.addressing_style}
    return need("botocore.config", EXTRA, WHO).Config(s3=style, max_pool_connections=DEFAULT_THREADS)


def _options(settings: Settings) -> dict[str, Any]:
    options = {"use_ssl": settings.use_ssl, **_given(settings, "endpoint_url", "api_version")}
    if settings.verify != "":
        verify = str(settings.verify)  # a program may have given a bool
        options["verify"] = {"true": True, "false": False}.get(verify.casefold(), verify)
    return options


def _given(settings: Settings, *names: str) -> Mapping[str, Any]:
    return {name: value for name in names if (value := getattr(settings, name))}
