"""Dropbox by URL. tests/contrib/dropbox has it read and written."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.contrib.dropbox import DropboxTarget
from luigi.errors import ConfigurationError
from luigi.format import Nop
from luigi.plugin_manager import PluginManager
from luigi.plugins.targets import dropbox
from luigi.testing.contracts import PluginContract


class TestDropboxTargetPlugin(PluginContract):
    plugin = dropbox


def opened(url: str, **keywords: Any) -> Any:
    manager = PluginManager()
    manager.register(dropbox, "dropbox")
    return manager.make("targets", url.partition(":")[0], url, **keywords)


@pytest.mark.parametrize("beginning", ["dropbox://", "dropbox:///"])
def test_a_url_is_a_file(beginning: str) -> None:
    target = opened(f"{beginning}folder/ä b%20?c#d", format=Nop, token="given")
    assert type(target) is DropboxTarget
    assert (target.path, target.format, target.token) == ("/folder/ä b%20?c#d", Nop, "given")


def test_a_wrong_section_is_said_when_a_url_is_opened(luigi_config: Any) -> None:
    luigi_config("dropbox", tokn="x")
    with pytest.raises(ConfigurationError, match="tokn"):
        opened("dropbox:///file")


def test_the_self_test_of_nobody() -> None:
    assert dropbox.check(dropbox.Settings()) == "not tried: no token is configured"
