"""Azure's blobs by URL. tests/contrib/cloud has them read and written."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.contrib.azureblob import AzureBlobTarget, Unreachable
from luigi.errors import ConfigurationError
from luigi.format import Nop
from luigi.plugin_manager import PluginManager
from luigi.plugins.targets import azure
from luigi.testing.contracts import PluginContract


class TestAzureTargetPlugin(PluginContract):
    plugin = azure


def opened(url: str, **keywords: Any) -> Any:
    manager = PluginManager()
    manager.register(azure, "azure")
    return manager.make("targets", url.partition(":")[0], url, **keywords)


def test_a_url_is_a_blob() -> None:
    target = opened("azure://container/folder/ä b%20?c#d", format=Nop, download_when_reading=False)
    assert type(target) is AzureBlobTarget
    assert (target.container, target.blob) == ("container", "folder/ä b%20?c#d")
    assert (target.format, target.download_when_reading) == (Nop, False)


def test_a_wrong_section_is_said_when_a_url_is_opened(luigi_config: Any) -> None:
    luigi_config("azureblob", acount_key="x")
    with pytest.raises(ConfigurationError, match="acount_key"):
        opened("azure://container/blob")


def test_the_self_test(luigi_config: Any) -> None:
    assert azure.check(azure.Settings()) == "not tried: no account is configured"
    luigi_config("azureblob", account_name="me", account_key="a2V5", retries=0)
    luigi_config("azureblob", custom_domain="127.0.0.1:9", protocol="http")
    with pytest.raises(Unreachable):
        azure.check(azure.Settings())
