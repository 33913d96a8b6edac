"""Targets in Azure by URL: `luigi.open_target("azure://container/blob")`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from luigi.contrib.azureblob import SECTION, AzureBlobClient, AzureBlobTarget, NoAccount, Settings
from luigi.hookspecs import Provider, hookimpl


@hookimpl
def luigi_targets() -> Iterator[Provider]:
    """Blobs of the account that is configured."""
    summary = "a blob in Azure"
    needs = ("azure.storage.blob",)
    yield Provider("azure", target, summary, Settings, SECTION, extra="azure", needs=needs, check=check)


def target(url: str, settings: Settings, **kwargs: Any) -> AzureBlobTarget:
    """The target. `kwargs` are those of AzureBlobTarget; `settings` it reads itself, where it is used."""
    container, _, blob = url.partition("://")[2].partition("/")
    return AzureBlobTarget(container, blob, **kwargs)


def check(settings: Settings) -> str:
    """Ask the account for its containers, if one is configured. Raises as the client does."""
    try:
        AzureBlobClient().exists("luigi-asks-whether-it-may")
    except NoAccount:
        return "not tried: no account is configured"
    return "it answers"
