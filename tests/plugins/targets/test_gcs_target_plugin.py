"""Google Cloud Storage by URL. tests/contrib/cloud has it read and written."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from luigi.contrib.gcs import GCSTarget, Refused
from luigi.errors import ConfigurationError
from luigi.format import Nop
from luigi.plugin_manager import PluginManager
from luigi.plugins.targets import gcs
from luigi.testing.contracts import PluginContract


class TestGCSTargetPlugin(PluginContract):
    plugin = gcs


def opened(url: str, **keywords: Any) -> Any:
    manager = PluginManager()
    manager.register(gcs, "gcs")
    return manager.make("targets", url.partition(":")[0], url, **keywords)


def test_a_url_is_an_object() -> None:
    target = opened("gs://bucket/folder/ä b%20?c#d", format=Nop)
    assert type(target) is GCSTarget
    assert (target.path, target.format) == ("gs://bucket/folder/ä b%20?c#d", Nop)
    assert pickle.loads(pickle.dumps(target)).path == target.path


def test_a_wrong_section_is_said_when_a_url_is_opened(luigi_config: Any) -> None:
    luigi_config("gcs", retires=3)
    with pytest.raises(ConfigurationError, match="retires"):
        opened("gs://bucket/key")


def test_the_self_test_says_where_it_would_ask(luigi_config: Any) -> None:
    luigi_config("gcs", anonymous=True)
    assert gcs.check(gcs.Settings()).endswith("at https://storage.googleapis.com/storage/v1/")
    luigi_config("gcs", anonymous=False, credentials_file="/nowhere")
    with pytest.raises(Refused, match="/nowhere"):
        gcs.check(gcs.Settings())
