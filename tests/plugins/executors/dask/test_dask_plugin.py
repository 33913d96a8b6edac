"""The Dask plugin as a plugin, and the options of a command line that are its settings."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from luigi.cli.running.executor_options import executor_named, take
from luigi.cli.usage import UsageError
from luigi.configuration import get_config
from luigi.errors import PluginError
from luigi.plugins.executors import dask as plugin
from luigi.testing.contracts.plugins import PluginContract


class TestDaskPlugin(PluginContract):
    plugin = plugin


def test_options_are_those_of_the_section(luigi_config: Callable[..., None]) -> None:
    luigi_config("dask", timeout=2)
    take(["address=tcp://there:8786", "tls-ca-file=ca=1.pem"], ["--executor", "dask"])
    config = get_config()
    assert config.get("dask", "address") == "tcp://there:8786"
    assert config.get("dask", "tls_ca_file") == "ca=1.pem"


def test_the_configuration_may_name_the_executor(luigi_config: Callable[..., None]) -> None:
    luigi_config("worker", executor="dask")
    assert executor_named([]) == "dask"
    assert executor_named(["--executor=ray"]) == "ray"
    take(["timeout=3"], [])
    assert get_config().get("dask", "timeout") == "3"


@pytest.mark.parametrize(
    ("options", "args", "sentence", "hint"),
    [
        (["addres=x"], ["--executor=dask"], "the executor dask has no option addres", "did you mean address?"),
        (["address"], ["--executor=dask"], "it says no value", "address=VALUE"),
        (["a=1"], ["--executor=inline"], "the executor inline has no option a", "it has none"),
        (["a=1"], [], "no executor is named", "add --executor NAME"),
    ],
)
def test_mistakes_are_named(options: list[str], args: list[str], sentence: str, hint: str) -> None:
    with pytest.raises(UsageError, match=sentence) as error:
        take(options, args)
    assert hint in error.value.hint


def test_an_executor_that_there_is_not() -> None:
    with pytest.raises(PluginError, match="no plugin offers 'dusk'"):
        take(["a=1"], ["--executor=dusk"])
