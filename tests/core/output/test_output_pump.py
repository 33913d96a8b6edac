"""The pump attributes what comes out of processes to attempts, and passes it on byte for byte."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from luigi.clock import SYSTEM
from luigi.output.pump import Pump
from luigi.output.tees import ToFile


@pytest.fixture
def shown(tmp_path: Path) -> Path:
    return tmp_path / "shown"


@pytest.fixture
def pump(heard: Any, shown: Path) -> Iterator[Pump]:
    with shown.open("wb", buffering=0) as file:
        pump = Pump(heard, {"stdout": ToFile(file.fileno())}, SYSTEM)
        yield pump
        pump.close()


def test_what_was_written_before_the_end_is_the_attempts(pump: Pump, heard: Any, shown: Path) -> None:
    source, ends = pump.open()
    for token in range(200):
        source.begin("A_1", token)
        os.write(ends.stdout, b"%d\n" % token)
        os.write(ends.logging, b"log %d\n" % token)
        source.end()
        assert heard.over == list(range(token + 1))
    assert heard.texts == {
        key: text
        for token in range(200)
        for key, text in (((token, "stdout"), f"{token}\n"), ((token, "logging"), f"log {token}\n"))
    }
    assert shown.read_bytes() == b"".join(b"%d\n" % token for token in range(200))
    ends.close()


def test_of_an_attempt_that_prints_nothing_nothing_is_heard(pump: Pump, heard: Any) -> None:
    source, ends = pump.open()
    source.begin("A_1", 1)
    source.end()
    assert heard.over == []
    ends.close()


def test_what_comes_between_attempts_is_nobodys(pump: Pump, heard: Any, shown: Path) -> None:
    source, ends = pump.open()
    os.write(ends.stdout, b"stray\n")
    while not shown.read_bytes():
        SYSTEM.sleep(0.01)
    source.begin("A_1", 1)
    source.end()
    assert heard.texts == {}
    ends.close()


def test_bytes_that_are_no_utf8_are_replaced_for_the_sink_alone(pump: Pump, heard: Any, shown: Path) -> None:
    source, ends = pump.open()
    source.begin("A_1", 1)
    euro = "€".encode()
    for data in (b"\xff\0", euro[:1], euro[1:], euro[:2]):
        os.write(ends.stdout, data)
        SYSTEM.sleep(0.02)  # in which the pump reads it
    source.end()
    source.begin("A_1", 2)
    os.write(ends.stdout, b"ok")
    source.end()
    assert heard.texts == {(1, "stdout"): "\ufffd\0€\ufffd", (2, "stdout"): "ok"}
    assert shown.read_bytes() == b"\xff\0" + euro + euro[:2] + b"ok"
    ends.close()


def test_what_a_dead_process_has_written_is_heard(pump: Pump, heard: Any) -> None:
    source, ends = pump.open()
    source.begin("A_1", 1)
    os.write(ends.stderr, b"x" * 60_000)
    ends.close()
    source.end()
    assert heard.texts == {(1, "stderr"): "x" * 60_000}
    assert heard.over == [1]


def test_an_attempt_that_goes_on_elsewhere_has_no_end_here(pump: Pump, heard: Any) -> None:
    source, ends = pump.open()
    source.begin("A_1", 1)
    os.write(ends.stdout, b"x")
    while not heard.texts:
        SYSTEM.sleep(0.01)
    source.forget()
    source.end()
    assert heard.over == []
    ends.close()


def test_what_is_left_is_read_when_it_closes(heard: Any) -> None:
    pump = Pump(heard, {}, SYSTEM)
    source, ends = pump.open()
    source.begin("A_1", 1)
    os.write(ends.stdout, b"left")
    pump.close()
    assert heard.texts == {(1, "stdout"): "left"}
    assert heard.over == [1]
    ends.close()


def test_that_nobody_reads_it_does_not_keep_it_from_the_sink(heard: Any) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    pump = Pump(heard, {"stdout": ToFile(writes)}, SYSTEM)
    source, ends = pump.open()
    source.begin("A_1", 1)
    os.write(ends.stdout, b"said")
    source.end()
    assert heard.texts == {(1, "stdout"): "said"}
    pump.close()
    ends.close()
    os.close(writes)
