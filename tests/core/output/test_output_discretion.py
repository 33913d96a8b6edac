"""Output is passed on without the private values of the task, in whatever parts it comes."""

from __future__ import annotations

from typing import Any

import pytest

import luigi
from luigi.output.discretion import Discreet
from luigi.output.sink import STDERR, STDOUT, Speaker

SPEAKER, OTHER = Speaker("Whispers", 1), Speaker("Elsewhere", 2)


class Whispers(luigi.Task):
    password = luigi.SecretParameter(default="open-sesame")
    pin = luigi.Parameter(default="17", visibility=luigi.parameter.ParameterVisibility.PRIVATE)


@pytest.fixture
def discreet(heard: Any) -> Discreet:
    return Discreet(heard, {"Whispers": Whispers()}.get)


def say(discreet: Discreet, *parts: str, stream: str = STDOUT) -> None:
    for part in parts:
        discreet.printed(SPEAKER, 0.0, stream, part)


TEXT = "it is open-sesame, or openopen-sesame; open-ses too\nand the pin is 17, not 1789\nopen"
SHOWN = "it is ***, or open***; open-ses too\nand the pin is ***, not 1789\nopen"


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 11, 1000])
def test_in_parts_of_any_size(discreet: Discreet, heard: Any, size: int) -> None:
    say(discreet, *(TEXT[start : start + size] for start in range(0, len(TEXT), size)))
    discreet.ended(SPEAKER, 1.0)
    assert heard.texts[1, STDOUT].replace("***89", "1789") == SHOWN  # a short one is found by what stands behind it
    assert heard.over == [1]


def test_what_cannot_be_a_secret_is_not_held_back(discreet: Discreet, heard: Any) -> None:
    say(discreet, "Name? ")
    assert heard.texts == {(1, STDOUT): "Name? "}
    say(discreet, "open-s")
    assert heard.texts == {(1, STDOUT): "Name? "}
    say(discreet, "hop\n")
    assert heard.texts == {(1, STDOUT): "Name? open-shop\n"}


def test_streams_are_apart(discreet: Discreet, heard: Any) -> None:
    say(discreet, "open-")
    say(discreet, "sesame\n", stream=STDERR)
    say(discreet, "sesame\n")
    assert heard.texts == {(1, STDERR): "sesame\n", (1, STDOUT): "***\n"}


def test_what_was_held_back_comes_before_what_is_missing(discreet: Discreet, heard: Any) -> None:
    say(discreet, "open")
    discreet.missed(SPEAKER, 1.0, 7)
    say(discreet, "-sesame")
    assert heard.texts == {(1, STDOUT): "open-sesame"}
    assert heard.lost == {1: 7}


def test_a_task_that_is_not_known_has_none(discreet: Discreet, heard: Any) -> None:
    discreet.printed(OTHER, 0.0, STDOUT, "open-sesame")
    assert heard.texts == {(2, STDOUT): "open-sesame"}
