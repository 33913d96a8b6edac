"""The scans for lines find each option where it is, or say nothing."""

from __future__ import annotations

import configparser
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luigi.configuration.cfg_lines import HEADER, cfg_lines
from luigi.configuration.toml_lines import toml_lines

CFG = """\
# [comment]
[first]
a = 1
; b = commented
b: 2
  c = still b
  [still b]

  d = still b
e=3

[second section]
  indented = 1
    more = of it
  next = 2
a = again
f
 = 3
"""


def test_cfg_lines() -> None:
    found = cfg_lines(CFG.replace("f\n = 3\n", ""))
    assert found == {
        ("first", HEADER): 2,
        ("first", "a"): 3,
        ("first", "b"): 5,
        ("first", "e"): 10,
        ("second section", HEADER): 12,
        ("second section", "indented"): 13,
        ("second section", "next"): 15,
        ("second section", "a"): 16,
    }


TOML = '''\
top = 1 # [no]
[first] # x = 1
a = "# [no]"
"quoted.key" = 'b = 1'
'single' = 1
d.e.f = 1
d.e.g = 2
long = """
b = 1
[no]
""" # c = 1
b = [
  ["no"],
  { x = 1 },
  "]", # ]
  ["no"]
]
c = {
}
g = \'\'\'
h = """\'\'\'
h = 1
["second.section"]
a = 1
[first.inner]
a = 1
[[list]]
a = 1
[[list]]
z = 1
'''.replace("c = {\n}\n", "c = {}\n")


def test_toml_lines() -> None:
    lines = TOML.splitlines()
    found = toml_lines(TOML)
    tomllib.loads(TOML)
    assert {key: lines[line - 1].strip() for key, line in found.items()} == {
        ("", "top"): "top = 1 # [no]",
        ("", "first"): "[first] # x = 1",
        ("first", HEADER): "[first] # x = 1",
        ("first", "a"): 'a = "# [no]"',
        ("first", "quoted.key"): "\"quoted.key\" = 'b = 1'",
        ("first", "single"): "'single' = 1",
        ("first", "d"): "d.e.f = 1",
        ("first.d", "e"): "d.e.f = 1",
        ("first.d.e", "f"): "d.e.f = 1",
        ("first.d.e", "g"): "d.e.g = 2",
        ("first", "long"): 'long = """',
        ("first", "b"): "b = [",
        ("first", "c"): "c = {}",
        ("first", "g"): "g = '''",
        ("first", "h"): "h = 1",
        ("", "second.section"): '["second.section"]',
        ("second.section", HEADER): '["second.section"]',
        ("second.section", "a"): "a = 1",
        ("first", "inner"): "[first.inner]",
        ("first.inner", HEADER): "[first.inner]",
        ("first.inner", "a"): "a = 1",
        ("", "list"): "[[list]]",
        ("list", HEADER): "[[list]]",
        ("list", "a"): "a = 1",
        ("list", "z"): "z = 1",
    }


@pytest.mark.parametrize("key", ['"a\\u0020b"', '"a b"', "'a b'", ' "a b" '])
def test_quoted_keys_are_read_as_toml_reads_them(key: str) -> None:
    assert toml_lines(f"[s]\n{key} = 1\n")["s", "a b"] == 2


LETTERS = st.text("abcde", min_size=1, max_size=3)
TEXTS = st.text(st.sampled_from("ab=[]#\"'\\,{} \n"), max_size=12)


@given(st.dictionaries(LETTERS, st.dictionaries(LETTERS, TEXTS, max_size=4), max_size=4))
def test_every_line_found_in_generated_toml_is_right(tables: dict[str, dict[str, str]]) -> None:
    marks: dict[tuple[str, str], int] = {}
    lines: list[str] = []
    for section, options in tables.items():
        lines.append(f"[{section}] # {section}")
        for option, text in options.items():
            marks[section, option] = len(lines) + 1
            lines += f"{option} = {_toml_text(text)}".split("\n")
    source = "\n".join(lines)
    assert tomllib.loads(source) == tables
    found = toml_lines(source)
    assert {key: found.get(key) for key in marks} == marks


def _toml_text(text: str) -> str:
    """One of TOML's ways to write `text`, in several lines when it has some."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"""\n{escaped}"""' if "\n" in text else f'"{escaped}"'


@given(st.dictionaries(LETTERS, st.dictionaries(LETTERS, TEXTS, max_size=4), max_size=4))
def test_every_line_found_in_generated_cfg_is_right(tables: dict[str, dict[str, str]]) -> None:
    marks: dict[tuple[str, str], int] = {}
    lines: list[str] = []
    for section, options in tables.items():
        lines.append(f"[{section}]")
        for option, text in options.items():
            marks[section, option] = len(lines) + 1
            lines += f"{option} = {text}".replace("\n", "\n  ").split("\n")
    parser: Any = configparser.RawConfigParser()
    parser.read_string("\n".join(lines))
    assert parser.sections() == list(tables)
    found = cfg_lines("\n".join(lines))
    assert {key: found.get(key) for key in marks} == marks
    assert {key for key in found if key[1] != HEADER} == set(marks)
