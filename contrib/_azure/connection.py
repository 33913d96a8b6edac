"""The connection to Azure's blobs, made of the settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from luigi.contrib._azure.errors import NoAccount, WrongConnectionString
from luigi.contrib._azure.settings import Settings
from luigi.extras import need

EXTRA = "azure"
WHO = "luigi.contrib.azureblob"

FIRST_WAIT = 1
"""Seconds until a request is made again; each time two to the power of the attempt is added."""


def connected(settings: Settings, options: Mapping[str, Any]) -> Any:
    """Azure's BlobServiceClient; `options` are keywords of it, and `token_credential`.

    Raises MissingExtra, NoAccount, and WrongConnectionString.
    """
    blob = need("azure.storage.blob", EXTRA, WHO)
    patience = {
        "connection_timeout": settings.timeout,
        "read_timeout": settings.timeout,
        "retry_policy": blob.ExponentialRetry(FIRST_WAIT, 2, settings.retries, random_jitter_range=1),
    }
    given = {**patience, **options}
    token = given.pop("token_credential", None)
    if settings.connection_string:
        return _of_string(blob, settings.connection_string, given)
    if not (settings.account_name or settings.endpoint_url):
        raise NoAccount
    return blob.BlobServiceClient(settings.address, credential=_who(settings, token), **given)


def _who(settings: Settings, token: Any) -> Any:
    """Who asks, in one of the ways that Azure's client knows; None for nobody."""
    if token is not None:
        return token
    if settings.account_key:
        return {"account_name": settings.account_name, "account_key": settings.account_key}
    return settings.sas_token.removeprefix("?") or None


def _of_string(blob: Any, text: str, given: Mapping[str, Any]) -> Any:
    try:
        return blob.BlobServiceClient.from_connection_string(text, **given)
    except ValueError as error:
        raise WrongConnectionString from error
