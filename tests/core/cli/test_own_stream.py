"""What a run says of itself is not taken for what its tasks print, and the display not either."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TextIO

from rich.console import Console

from luigi.cli.above import Above
from luigi.cli.progress import own


def led_to(stream: TextIO, path: Path) -> None:
    """Have a stream lead to a file, as while a task runs."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT)
    os.dup2(fd, stream.fileno())
    os.close(fd)


def test_it_goes_on_to_where_the_stream_went(tmp_path: Path) -> None:
    with (tmp_path / "shown").open("w") as stream, own(stream) as ours:
        led_to(stream, tmp_path / "taken")
        print("1 of 2 tasks", file=ours, flush=True)
        print("printed", file=stream, flush=True)
    assert (tmp_path / "shown").read_text() == "1 of 2 tasks\n"
    assert (tmp_path / "taken").read_text() == "printed\n"


def test_a_stream_that_is_no_file_is_its_own() -> None:
    stream = io.StringIO()
    assert own(stream) is stream


def test_what_is_led_elsewhere_is_not_shown_above_the_display(tmp_path: Path) -> None:
    drawn = io.StringIO()
    ours, theirs = os.openpty()
    with os.fdopen(theirs, "w") as terminal:
        above = Above(Console(file=drawn), terminal)
        print("above", file=above)
        led_to(terminal, tmp_path / "taken")
        print("printed", file=above, flush=True)
        assert (tmp_path / "taken").read_text() == "printed\n"
        above.another().show("a task's\nand half a line")
    os.close(ours)
    assert drawn.getvalue() == "above\na task's\n"
