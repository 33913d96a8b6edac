"""`kernel tasks list --module M` and `kernel tasks show T`, without a server."""

from __future__ import annotations

import json
from typing import Any

import pytest

import luigi
from luigi.cli.describing import task_list, task_page
from luigi.cli.usage import UsageError
from luigi.cli.user_module import ModuleMissing
from luigi.configuration import get_config
from luigi.errors import TaskClassNotFoundException
from luigi.parameter import ParameterVisibility


class DescribedOrders(luigi.Task):
    """The orders of a day.

    From all shops.
    """

    task_namespace = "shops"

    day = luigi.DateParameter(description="which day")
    currency = luigi.Parameter(default="EUR", significant=False)
    url = luigi.Parameter(default="https://me:marker-pass@example.com/")
    key = luigi.Parameter(default="marker-default", visibility=ParameterVisibility.PRIVATE)
    shelf = luigi.IntParameter(default=3, visibility=ParameterVisibility.HIDDEN, batch_method=max)


class DescribedGift(luigi.ExternalTask):
    pass


class DescribedAll(luigi.WrapperTask):
    pass


class DescribedSettings(luigi.Config):
    colour = luigi.Parameter(default="red")


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The configuration in use, empty."""
    config = type(get_config())()
    monkeypatch.setattr(type(config), "_instance", config)
    return config


def document(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_a_line_for_each_task(configured: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert task_list.main(["--module", __name__]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "DescribedAll()",
        "DescribedGift()",
        "shops.DescribedOrders(day, [currency], [url], [key], [shelf])",
        " " * 26 + "The orders of a day.",
    ]


def test_the_modules_of_configured_runs_are_meant_without_one(
    configured: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UsageError, match="--module"):
        task_list.main([])
    configured.set("run.all", "module", __name__)
    assert task_list.main(["--json"]) == 0
    told = document(capsys)
    assert [(task["family"], task["kind"]) for task in told["tasks"]] == [
        ("DescribedAll", "wrapper"),
        ("DescribedGift", "external"),
        ("shops.DescribedOrders", "task"),
    ]


def test_a_module_without_tasks(configured: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert task_list.main(["--module", "luigi.format"]) == 0
    assert capsys.readouterr().out == "no tasks\n"


def test_a_module_that_is_not_there() -> None:
    with pytest.raises(ModuleMissing):
        task_list.main(["--module", "no_such_module_anywhere"])


def test_the_page_of_a_task(configured: Any, capsys: pytest.CaptureFixture[str]) -> None:
    configured.set("shops.DescribedOrders", "currency", "CHF")
    configured.set("shops.DescribedOrders", "key", "marker-configured")
    assert task_page.main([f"{__name__}:shops.DescribedOrders"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("The orders of a day.\n\nFrom all shops.\n\n  family")
    assert "--day DAY                 which day (a date like 2013-07-04; required)" in said
    assert f"--currency CURRENCY a text; default: EUR; here: CHF, from set by {__file__}" in " ".join(said.split())
    assert "insignificant" in said
    assert "hidden; batched" in said
    assert "marker" not in said


def test_the_page_as_json(configured: Any, capsys: pytest.CaptureFixture[str]) -> None:
    configured.set("run.orders", "module", __name__)
    configured.set("run.orders", "task", "shops.DescribedOrders")
    configured.set("shops.DescribedOrders", "shelf", "5")
    assert task_page.main(["orders", "--json"]) == 0
    told = document(capsys)
    assert (told["version"], told["family"], told["module"]) == (1, "shops.DescribedOrders", __name__)
    assert told["doc"] == "The orders of a day.\n\nFrom all shops."
    assert told["source"].startswith(f"{__file__}:")
    day, currency, url, key, shelf = told["parameters"]
    assert (day["kind"], day["default"], day["required"]) == ("DateParameter", None, True)
    assert (currency["default"], currency["significant"], currency["required"]) == ("EUR", False, False)
    assert url["default"] == "https://me:***@example.com/"
    assert (key["default"], key["visibility"]) == ("***", "private")
    assert (shelf["default"], shelf["configured"], shelf["batched"]) == ("3", "***", True)


def test_a_task_that_is_not_there() -> None:
    with pytest.raises(TaskClassNotFoundException) as caught:
        task_page.main([f"{__name__}:DescribedGfit"])
    assert "DescribedGift" in caught.value.hint


def test_no_task() -> None:
    with pytest.raises(UsageError):
        task_page.main(["--json"])
