"""Records as JSON: what is written is read again as it was, and everything else is refused by name."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luigi.interfaces import (
    Answer,
    Assignment,
    Batcher,
    Began,
    Counts,
    Message,
    Order,
    Progress,
    Question,
    Reply,
    Report,
    RetryPolicy,
    Said,
    TaskSpec,
)
from luigi.rpc import records

texts = st.text(max_size=8)
ids = st.text(min_size=1, max_size=8)
numbers = st.integers(-(2**53), 2**53) | st.floats(-1e15, 1e15) | st.sampled_from([inf, -inf])
amounts = st.dictionaries(texts, st.integers(-5, 5) | st.floats(0, 5), max_size=2)
some_ids = st.lists(ids, max_size=3).map(tuple)
policies = st.builds(RetryPolicy, st.none() | st.integers(0, 9) | st.just(inf), *[st.none() | numbers] * 7)
specs = st.builds(
    TaskSpec,
    ids,
    ids,
    st.none() | texts,
    st.dictionaries(texts, texts, max_size=3),
    st.sampled_from(["PENDING", "DONE", "UNKNOWN", "DISABLED", "FAILED"]),
    st.none() | some_ids,
    st.booleans(),
    numbers,
    amounts,
    st.none() | policies,
    st.none() | texts,
    st.booleans(),
    st.booleans(),
    some_ids,
    some_ids,
    texts,
    some_ids,
    st.booleans(),
    st.booleans(),
    st.none() | numbers,
)
batchers = st.builds(Batcher, ids, some_ids, st.integers(1, 9) | st.just(inf))
saids = st.one_of(
    st.builds(Report, ids, st.integers(0, 9), st.sampled_from(["DONE", "FAILED", "PENDING"]), some_ids, texts),
    st.builds(Progress, ids, st.integers(0, 9), st.none() | texts, texts, st.none() | st.floats(0, 100), amounts),
    st.builds(Began, st.integers(0, 9), specs),
    st.builds(Answer, ids, texts, texts),
)
assignments = st.builds(
    Assignment,
    *[ids, st.integers(0, 9), ids, texts, st.dictionaries(texts, texts), some_ids],
    *[texts, st.booleans(), st.none() | numbers],
)
counts = st.builds(Counts, *[st.integers(0, 9)] * 3, st.dictionaries(ids, ids), st.none() | numbers)
messages = st.builds(Message, texts, st.dictionaries(texts, texts | st.integers(0, 9)))
replies = st.builds(
    Reply,
    st.lists(assignments, max_size=2).map(tuple),
    counts,
    some_ids,
    st.lists(messages, max_size=2).map(tuple),
    st.booleans(),
    st.booleans(),
    numbers,
)


@settings(deadline=None)
@given(
    st.tuples(st.just(TaskSpec), specs)
    | st.tuples(st.just(Batcher), batchers)
    | st.tuples(st.just(Said), saids)
    | st.tuples(st.just(Reply), replies)
)
def test_what_is_written_is_read_again(typed: tuple[Any, Any]) -> None:
    kind, record = typed
    travelled = json.loads(json.dumps(records.written(record), allow_nan=False))
    assert records.read(kind, travelled) == record


def test_what_has_its_default_does_not_travel() -> None:
    assert records.written(TaskSpec("A_1", "A")) == {"task_id": "A_1", "family": "A"}
    assert records.written(Report("A_1", 1, "DONE")) == {
        "kind": "report",
        "task_id": "A_1",
        "token": 1,
        "status": "DONE",
    }
    assert records.written([Order("pause"), Question("counts")]) == [{"verb": "pause"}, {"noun": "counts"}]


def test_other_programs_may_write_whole_numbers_as_they_like() -> None:
    report = records.read(Report, {"task_id": "A_1", "token": 3.0, "status": "DONE"})
    assert report == Report("A_1", 3, "DONE")
    assert type(report.token) is int


@pytest.mark.parametrize(
    ("kind", "told", "path"),
    [
        (TaskSpec, [], ""),
        (TaskSpec, {"task_id": "A_1"}, "family"),
        (TaskSpec, {"task_id": "A_1", "family": None}, "family"),
        (TaskSpec, {"task_id": "A_1", "family": "A", "kind": "spec"}, "kind"),
        (TaskSpec, {"task_id": "A_1", "family": "A", "priority": True}, "priority"),
        (TaskSpec, {"task_id": "A_1", "family": "A", "priority": nan}, "priority"),
        (TaskSpec, {"task_id": "A_1", "family": "A", "priority": 2.0**54}, "priority"),
        (TaskSpec, {"task_id": "A_1", "family": "A", "runnable": 1}, "runnable"),
        (TaskSpec, {"task_id": "A_1", "family": "A", "resources": {"db": "1"}}, "resources.db"),
        (TaskSpec, {"task_id": "A_1", "family": "A", "resources": {"db": 10**400}}, "resources.db"),
        (TaskSpec, {"task_id": "A_1", "family": "A", "resources": {"db": inf}}, "resources.db"),
        (TaskSpec, {"task_id": "A_1", "family": "A", "retry_policy": {"retry_count": "3"}}, "retry_policy.retry_count"),
        (TaskSpec, {"task_id": "A_1", "family": "A", "owners": "me"}, "owners"),
        (TaskSpec, {"task_id": "A_1", "family": "A", "resources": {"db": "Infinity"}}, "resources.db"),
        (Batcher, {"family": "A", "batched": [], "max_size": "-Infinity"}, "max_size"),
        (Report, {"kind": "progress", "task_id": "A_1", "token": 1, "status": "DONE"}, "kind"),
        (Said, {"kind": ["report"]}, "kind"),
        (Said, "report", "kind"),
        (Sequence[TaskSpec], [{"task_id": "A_1", "family": "A"}, 3], "[1]"),
        (Mapping[str, Any], {"deep": [[[[[[[[[1]]]]]]]]]}, "deep" + "[0]" * 8),
        (Mapping[str, Any], {"far": inf}, "far"),
    ],
)
def test_everything_else_is_refused_by_name(kind: Any, told: Any, path: str) -> None:
    with pytest.raises(records.WrongField) as caught:
        records.read(kind, told)
    assert caught.value.path == path
    assert len(str(caught.value)) < 300


def test_a_schema_says_what_is_needed_and_refers_to_what_is_within() -> None:
    schema = records.schema(Began, lambda record: {"$ref": record.__name__})
    assert schema["properties"]["spec"] == {"$ref": "TaskSpec"}
    assert schema["required"] == ["kind", "token", "spec"]
    assert schema["additionalProperties"] is False
    narrowed = records.schema(Report, lambda record: {})["properties"]["status"]
    assert narrowed == {"enum": ["DONE", "FAILED", "PENDING"]}


@pytest.mark.parametrize("hint", [Report | TaskSpec, int | str, Report | Progress | None])
def test_types_that_nothing_tells_apart_have_neither_reader_nor_schema(hint: Any) -> None:
    for walk in (records.reader, lambda one: records.schema_of(one, lambda record: {})):
        with pytest.raises(TypeError, match="nothing in JSON tells apart"):
            walk(hint)


def test_some_of_what_is_told_apart_by_kind_is_read_as_only_that() -> None:
    assert records.read(Report | Progress, {"kind": "progress", "task_id": "A_1", "token": 1}) == Progress("A_1", 1)
    with pytest.raises(records.WrongField, match="one of report, progress"):
        records.read(Report | Progress, {"kind": "answer", "task_id": "A_1", "message_id": "m", "response": "x"})
