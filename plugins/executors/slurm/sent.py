"""One task that was sent to Slurm: where its job writes, how far that has been read, and what is known of its end."""

from __future__ import annotations

import codecs
import os
import shutil
from pathlib import Path
from typing import Final

from luigi.executors.hosting.batch_jobs import messages
from luigi.executors.hosting.batch_jobs.hearing import Hearing
from luigi.interfaces import Message
from luigi.output.sink import STDERR, STDOUT
from luigi.plugins.executors.slurm.folder import ERR, NEWS, OUT
from luigi.plugins.executors.slurm.programs import State

AFTERWARDS: Final = 5.0
"""Seconds for which an ended job may still be heard of: network file systems take their time."""
QUOTED: Final = 4000
"""Characters of what a lost job printed last that its error quotes."""


class Sent:
    """Its job is `job`, as `12_3`; `folder` is the job's."""

    def __init__(self, hearing: Hearing, job: str, folder: Path) -> None:
        self.hearing = hearing
        self.job = job
        self._folder = folder
        self._news = _Tail(folder / NEWS)
        self._rest = b""
        self._printed = {STDOUT: _Text(folder / OUT), STDERR: _Text(folder / ERR)}
        self._last = ""
        self._messages = 0
        self._ended_at: float | None = None

    def read(self, now: float) -> None:
        """Pass on what the job has said and printed since the last time. `now` is in seconds since the epoch."""
        *whole, self._rest = (self._rest + self._news.more()).split(b"\n")
        self._pass_on_printed(now)  # what was printed before the end was told is there by now
        for line in whole:
            self.hearing.take(line)

    def _pass_on_printed(self, now: float) -> None:
        for stream, tail in self._printed.items():
            text = tail.more()
            self._last = (self._last + text)[-QUOTED:]
            self.hearing.printed(now, stream, text)

    def note(self, state: State | None, monotonic: float) -> None:
        """Slurm says that the job is so; None when it does not know it any more. Loses it when nothing more comes."""
        if state is not None and not state.is_final:
            self._ended_at = None
            self.hearing.waits(f"Slurm job {self.job}: {state.status}" + (f" ({state.reason})" if state.reason else ""))
            return
        self._ended_at = monotonic if self._ended_at is None else self._ended_at
        if self.hearing.is_cancelled or monotonic >= self._ended_at + AFTERWARDS:
            self.hearing.lose(self._why(state))

    def _why(self, state: State | None) -> str:
        machine = self.hearing.where or (state.machine if state else "")
        where = f" on {machine}" if machine else ""
        reason = f" ({state.reason})" if state and state.reason else ""
        ended = f"ended as {state.status}{reason}" if state else "has left the queue"
        printed = f"; the last that it printed:\n{self._last.rstrip()}" if self._last.strip() else ""
        return f"was lost: Slurm job {self.job}{where} {ended} without a word of its task{printed}"

    def deliver(self, message: Message) -> bool:
        """Give the task a message. False when it has not begun, or has ended."""
        if not self.hearing.where or self.hearing.is_over:
            return False
        self._messages += 1
        messages.put(self._folder, self._messages, message)
        return True

    def remove(self) -> None:
        """Remove what is in its folder."""
        shutil.rmtree(self._folder, ignore_errors=True)


class _Tail:
    """A file that grows."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0

    def more(self) -> bytes:
        """What has been written since the last time."""
        try:
            if os.stat(self._path).st_size <= self._read:
                return b""
            with self._path.open("rb") as file:
                file.seek(self._read)
                found = file.read()
        except FileNotFoundError:  # somebody tidies up
            return b""
        self._read += len(found)
        return found


class _Text:
    """A file that grows, as text: of a character, half may be written."""

    def __init__(self, path: Path) -> None:
        self._tail = _Tail(path)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def more(self) -> str:
        """What has been written since the last time."""
        return self._decoder.decode(self._tail.more())
