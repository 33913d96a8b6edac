"""Mappings, lists and tuples: their texts, what a task keeps, their schemas."""

from __future__ import annotations

import sys
from typing import Any

import pytest

import luigi
from luigi.freezing import FrozenOrderedDict

SCHEMA = {"type": "array", "items": {"type": "number", "maximum": 10}}


@pytest.mark.parametrize(
    ("parameter", "text", "value"),
    [
        (luigi.ListParameter(), '[1, ["a", null, true]]', [1, ["a", None, True]]),
        (luigi.ListParameter(), "[]", []),
        (luigi.TupleParameter(), "[[1, 2], [3, 4]]", ((1, 2), (3, 4))),
        (luigi.TupleParameter(), "((1, 2), (3, 4))", ((1, 2), (3, 4))),
        (luigi.TupleParameter(), "('a', None, True)", ("a", None, True)),
        (luigi.TupleParameter(), '["a", true, null]', ("a", True, None)),
        (luigi.TupleParameter(), "1, 2", (1, 2)),
        (luigi.TupleParameter(), "()", ()),
        (luigi.DictParameter(), '{"b": 1, "a": [2]}', {"b": 1, "a": [2]}),
    ],
)
def test_texts_of_collections(parameter: Any, text: str, value: Any) -> None:
    found = parameter.parse(text)
    assert found == value
    assert type(found) in (type(value), FrozenOrderedDict)


def test_a_mapping_keeps_the_order_of_its_text() -> None:
    assert list(luigi.DictParameter().parse('{"b": 1, "a": 2}')) == ["b", "a"]


@pytest.mark.parametrize(
    ("parameter", "text"),
    [
        (luigi.ListParameter(), ""),
        (luigi.ListParameter(), "1"),
        (luigi.ListParameter(), '"abc"'),
        (luigi.ListParameter(), '{"a": 1}'),
        (luigi.ListParameter(), "['a']"),
        (luigi.TupleParameter(), "x"),
        (luigi.TupleParameter(), "(1)"),
        (luigi.TupleParameter(), "[1"),
        (luigi.DictParameter(), "[]"),
        (luigi.DictParameter(), "{'a': 1}"),
    ],
)
def test_what_is_another_collection(parameter: Any, text: str) -> None:
    with pytest.raises(ValueError, match="is not a (JSON|tuple)"):
        parameter.parse(text)


def test_a_task_keeps_what_cannot_change() -> None:
    assert luigi.ListParameter().normalize([1, [2, {"a": [3]}]]) == (1, (2, {"a": (3,)}))  # type: ignore[arg-type]
    kept = luigi.DictParameter().normalize({"a": [1, {"b": 2}]})
    assert isinstance(kept, FrozenOrderedDict)
    assert hash(kept) == hash(FrozenOrderedDict(a=(1, FrozenOrderedDict(b=2))))


@pytest.mark.parametrize("kind", [luigi.ListParameter, luigi.TupleParameter, luigi.DictParameter])
def test_none_and_texts_pass_as_they_are(kind: Any) -> None:
    assert kind().normalize(None) is None
    assert kind().serialize(None) == "null"
    assert kind().normalize("abc") == "abc"


def test_how_collections_are_written() -> None:
    assert luigi.ListParameter().serialize((1, ("é", None))) == '[1, ["\\u00e9", null]]'
    nested = FrozenOrderedDict([("b", (1, FrozenOrderedDict(c=True))), ("a", None)])
    assert luigi.DictParameter().serialize(nested) == '{"b": [1, {"c": true}], "a": null}'  # type: ignore[arg-type]


def test_what_json_has_no_form_for_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot be written as JSON: it is a set"):
        luigi.ListParameter().serialize(({1},))


@pytest.mark.parametrize("kind", [luigi.ListParameter, luigi.TupleParameter])
def test_a_schema_is_what_a_value_must_satisfy(kind: Any) -> None:
    assert kind(schema=SCHEMA).normalize([1, 2]) == (1, 2)
    with pytest.raises(ValueError, match=r"what its schema allows: \[1\] 20 is greater than the maximum of 10"):
        kind(schema=SCHEMA).normalize([1, 20])


def test_a_schema_sees_lists_and_dicts_as_json_has_them() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "array"}}, "required": ["a"]}
    parameter: Any = luigi.DictParameter(schema=schema)
    assert parameter.normalize({"a": (1,)}) == {"a": (1,)}
    with pytest.raises(ValueError, match="'a' is a required property"):
        parameter.normalize({"b": 1})


def test_a_validator_can_stand_for_a_schema() -> None:
    from jsonschema import Draft4Validator

    parameter: Any = luigi.DictParameter(schema=Draft4Validator({"patternProperties": {".*": {"type": "string"}}}))
    assert parameter.normalize({"a": "b"}) == {"a": "b"}
    with pytest.raises(ValueError, match="1 is not of type 'string'"):
        parameter.normalize({"a": 1})


def test_without_the_package_a_schema_is_not_checked_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jsonschema", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.warns(UserWarning, match="jsonschema is not installed"):
        parameter: Any = luigi.ListParameter(schema=SCHEMA)
    assert parameter.normalize([99]) == (99,)


@pytest.mark.parametrize("kind", [luigi.ListParameter, luigi.DictParameter, luigi.TupleParameter])
def test_none_is_read_as_it_is_written(kind: Any) -> None:
    class MayHaveNone(luigi.Task):
        many = kind(default=None)

    assert MayHaveNone().to_str_params() == {"many": "null"}
    assert MayHaveNone.from_str_params({"many": "null"}) == MayHaveNone()
