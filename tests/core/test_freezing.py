"""Values that can be hashed."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from collections import OrderedDict
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from luigi.freezing import FrozenOrderedDict, recursively_freeze, recursively_unfreeze

plain = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def test_it_is_a_mapping_in_order() -> None:
    frozen = FrozenOrderedDict([("b", 1), ("a", 2)])
    assert list(frozen.items()) == [("b", 1), ("a", 2)]
    assert (frozen["a"], len(frozen), "b" in frozen, "c" in frozen) == (2, 2, True, False)
    assert frozen.get_wrapped() == OrderedDict([("b", 1), ("a", 2)])
    assert FrozenOrderedDict(a=1) == FrozenOrderedDict({"a": 1})
    assert not FrozenOrderedDict()


def test_it_reads_like_a_plain_dict() -> None:
    assert repr(FrozenOrderedDict(a=FrozenOrderedDict(b=1))) == "{'a': {'b': 1}}"
    assert str(FrozenOrderedDict(a=1)) == "{'a': 1}"


def test_it_cannot_change() -> None:
    frozen: Any = FrozenOrderedDict(a=1)
    with pytest.raises(TypeError):
        frozen["a"] = 2
    with pytest.raises(TypeError):
        del frozen["a"]


def test_equal_mappings_have_one_hash_in_any_order() -> None:
    one, other = FrozenOrderedDict([("b", 1), ("a", 2)]), FrozenOrderedDict([("a", 2), ("b", 1)])
    assert one == other == {"a": 2, "b": 1}
    assert hash(one) == hash(other)
    assert one != FrozenOrderedDict(a=1)


def test_a_value_that_can_change_has_no_hash() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(FrozenOrderedDict(a=[1]))


def test_it_can_be_copied() -> None:
    frozen = FrozenOrderedDict(a=(1,))
    assert copy.copy(frozen) == copy.deepcopy(frozen) == frozen


def test_another_process_finds_its_own_hash() -> None:
    frozen = FrozenOrderedDict(a="text")
    hash(frozen)
    program = "import pickle, sys; d = pickle.loads(sys.stdin.buffer.read()); print(d in {type(d)(a='text')})"
    done = subprocess.run([sys.executable, "-c", program], input=pickle.dumps(frozen), capture_output=True, check=True)
    assert done.stdout.strip() == b"True"


@given(plain)
def test_freezing_and_unfreezing_give_back_what_json_has(value: Any) -> None:
    frozen = recursively_freeze(value)
    hash(frozen)
    assert recursively_unfreeze(frozen) == value
    assert recursively_freeze(frozen) == frozen


def test_what_is_neither_list_nor_mapping_stays() -> None:
    items = {1, 2}
    assert recursively_freeze(items) is items
    assert recursively_unfreeze(items) is items
    assert recursively_freeze(OrderedDict(b=[1])) == FrozenOrderedDict(b=(1,))
