"""Stores without their clients: importing works, and use names the extra."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.contrib.esindex import ElasticsearchTarget
from luigi.contrib.mongodb import MongoCollectionTarget
from luigi.contrib.redis_store import RedisTarget
from luigi.contrib.sparkey import SparkeyExportTask
from luigi.errors import MissingExtra

IMPORTING = """
import sys
sys.modules |= dict.fromkeys(("redis", "pymongo", "elasticsearch", "sparkey"))
import luigi.contrib.esindex, luigi.contrib.mongodb, luigi.contrib.redis_store, luigi.contrib.sparkey
"""


class ExportsItself(SparkeyExportTask):
    """Reads this file."""

    def input(self) -> Any:
        return luigi.LocalTarget(__file__)

    def output(self) -> Any:
        return luigi.LocalTarget("never-written")


@pytest.mark.parametrize(
    ("package", "extra", "use"),
    [
        ("redis.exceptions", "redis", RedisTarget("127.0.0.1", 1, 0, "one").exists),
        ("pymongo.errors", "mongodb", MongoCollectionTarget(None, "tests", "any").exists),
        ("elasticsearch", "elasticsearch", ElasticsearchTarget("127.0.0.1", 1, "a", "b", "one").exists),
        ("sparkey", "sparkey", ExportsItself().run),
    ],
)
def test_the_error_names_the_extra(
    package: str,
    extra: str,
    use: Callable[[], Any],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra, match="luigi.contrib") as caught:
        use()
    assert f"luigi-kernel[{extra}]" in caught.value.hint
    assert not list(tmp_path.iterdir())


def test_importing_needs_no_client() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORTING], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
