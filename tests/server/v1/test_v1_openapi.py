"""The API describes itself: everything it does is in the document, which says what the checks of the input say."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.errors import KernelError
from luigi.interfaces import Order, Question
from luigi.scheduler import Scheduler
from luigi.scheduler.views import NOUNS
from luigi.server.v1.orders import NEEDED
from luigi.server.v1.questions import OPTIONS


@pytest.fixture
def document(see: Any) -> dict[str, Any]:
    found: dict[str, Any] = see("openapi.json").json
    return found


def test_every_operation_is_in_it(document: dict[str, Any], everything: Any) -> None:
    told = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert told == {(one.method, f"/api/v1{one.path}") for one in everything}
    names = [about["operationId"] for methods in document["paths"].values() for about in methods.values()]
    assert len(names) == len(set(names))


def test_every_operation_says_what_may_go_wrong(document: dict[str, Any]) -> None:
    for methods in document["paths"].values():
        for about in methods.values():
            assert {"200", "400", "401", "403", "429", "503"} <= about["responses"].keys()
            assert ("413" in about["responses"]) == ("requestBody" in about)


def test_it_is_of_the_version_it_says(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert set(document["components"]["securitySchemes"]) == {"basic", "bearer"}


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def references(value: Any) -> Any:
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                yield value["$ref"]
            for one in value.values():
                yield from references(one)
        elif isinstance(value, list):
            for one in value:
                yield from references(one)

    found = set(references(document))
    assert "#/components/schemas/TaskSpec" in found
    for reference in found:
        _, kind, group, name = reference.split("/")
        assert name in document[kind][group], reference


def test_the_orders_are_those_of_the_scheduler(scheduler: Scheduler) -> None:
    with pytest.raises(KernelError) as caught:
        scheduler.control(Order("dance"))
    assert caught.value.hint == f"there are: {', '.join(NEEDED)}"


@pytest.mark.parametrize("noun", NOUNS)
def test_the_options_are_those_that_the_views_take(busy: Scheduler, noun: str) -> None:
    with pytest.raises(KernelError) as caught:
        busy.view(Question(noun, "Load_1", {"zzzzzz": 1}))
    known = ", ".join(sorted(OPTIONS.get(noun, ())))
    assert caught.value.hint == (f"there are: {known}" if known else "it takes none")
