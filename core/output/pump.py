"""The pump: reads what processes print from their pipes, passes it on to where it went before, and to a sink.

A thread of its own does it, so that nobody who prints waits for the worker's loop. Who ends an attempt has what is left
in the pipes read first, so that nothing of it is taken for the next one's.
"""

from __future__ import annotations

import fcntl
import os
import select
import struct
from codecs import IncrementalDecoder, getincrementaldecoder
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from threading import Lock, Thread
from typing import Final, NamedTuple

from luigi.clock import Clock
from luigi.executors.forking import Unshared
from luigi.output.sink import STREAMS, Sink, Speaker
from luigi.output.tees import ToFile, tees
from luigi.output.writing_ends import WritingEnds

CHUNK: Final = 65536
"""Bytes read at a time: what a pipe holds on most systems."""

LAST_WORDS: Final = 1.0
"""Seconds that `close` waits for the thread, which may be writing to a terminal that stands still."""

_UTF8: Final = getincrementaldecoder("utf-8")


class Source:
    """The pipes of one process, and whose attempt it makes at the moment."""

    __slots__ = ("_pump", "decoders", "on_end", "poller", "reads", "speaker")

    def __init__(self, pump: Pump) -> None:
        self._pump = pump
        self.on_end: Callable[[], None] | None = None
        """Called when a stream has ended, by the pump's thread."""
        self.reads: dict[int, str] = {}
        """Streams by the file descriptors they are read from, those that have not ended."""
        self.poller = select.poll()
        self.speaker: Speaker | None = None
        self.decoders: dict[str, IncrementalDecoder] = {}
        """Of the streams that the speaker has used."""

    def begin(self, task_id: str, token: int) -> None:
        """What comes now is printed by this attempt."""
        self._pump.begin(self, Speaker(task_id, token))

    def end(self, missed: int = 0) -> None:
        """The attempt has ended, or waits. All it has written is read before; `missed` bytes were lost."""
        self._pump.end(self, missed)

    def forget(self) -> None:
        """The process does not make the attempt after all: it goes on elsewhere."""
        self._pump.forget(self)


class _Reading(NamedTuple):
    source: Source
    stream: str


class Pump:
    """Any thread may call it. `tees` says where streams go beside the sink."""

    def __init__(self, sink: Sink, tees: Mapping[str, ToFile], clock: Clock) -> None:
        self._sink, self._tees, self._clock = sink, tees, clock
        self._lock = Lock()
        self._readings: dict[int, _Reading] = {}
        self._poller = select.poll()
        self._wakes, self._waker = os.pipe()
        for fd in (self._wakes, self._waker):
            Unshared.add(fd)
        self._poller.register(self._wakes, select.POLLIN)
        self._ending = False
        self._thread: Thread | None = None

    # --- processes ---------------------------------------------------------------------------------------------

    def open(self) -> tuple[Source, WritingEnds]:
        """Pipes for a process: what it writes into the given ends is read from now on."""
        source, ends = Source(self), []
        for stream in STREAMS:
            reads, writes = os.pipe()
            os.set_blocking(reads, False)
            Unshared.add(reads)
            source.reads[reads] = stream
            source.poller.register(reads, select.POLLIN)
            ends.append(writes)
        with self._lock:
            for fd, stream in source.reads.items():
                self._readings[fd] = _Reading(source, stream)
                self._poller.register(fd, select.POLLIN)
        self._wake()
        return source, WritingEnds(*ends)

    def begin(self, source: Source, speaker: Speaker) -> None:
        """As the source's."""
        with self._lock:
            source.speaker = speaker

    def end(self, source: Source, missed: int = 0) -> None:
        """As the source's."""
        with self._lock:
            if source.poller.poll(0):
                self._drain(source)
            speaker, source.speaker = source.speaker, None
            if speaker is not None and (source.decoders or missed):
                self._finish(source, speaker, missed)

    def forget(self, source: Source) -> None:
        """As the source's."""
        with self._lock:
            source.speaker = None
            source.decoders.clear()

    def close(self) -> None:
        """Read what is left, and no more."""
        self._ending = True
        self._wake()
        if self._thread is not None:
            self._thread.join(LAST_WORDS)
        with self._lock:
            for source in {id(reading.source): reading.source for reading in self._readings.values()}.values():
                self._drain(source)
                if source.speaker is not None and source.decoders:
                    self._finish(source, source.speaker, 0)
            for fd in [*self._readings]:
                self._drop(fd)
            for fd in (self._wakes, self._waker):
                Unshared.close(fd)

    # --- reading -----------------------------------------------------------------------------------------------

    def _wake(self) -> None:
        """Have the thread see to what is new; it is started when there is something to read from."""
        if self._thread is None and not self._ending:
            self._thread = Thread(target=self._run, name="luigi-output", daemon=True)
            self._thread.start()
        os.write(self._waker, b"!")

    def _run(self) -> None:
        while not self._ending:
            for fd, _ in self._poller.poll():
                if fd == self._wakes:
                    os.read(fd, CHUNK)
                    continue
                with self._lock:
                    if fd in self._readings:  # or it was closed meanwhile
                        self._read(fd, CHUNK)

    def _drain(self, source: Source) -> None:
        """Read what is in the pipes now: what is written later by somebody else may have no end."""
        for fd in [*source.reads]:
            left = _unread(fd)
            while left > 0:
                left -= self._read(fd, min(left, CHUNK))

    def _read(self, fd: int, most: int) -> int:
        """Read once; how many bytes are dealt with. A stream that has ended is let go of."""
        try:
            data = os.read(fd, most)
        except BlockingIOError:  # somebody else has just read it
            return most
        if data:
            self._take(self._readings[fd], data)
            return len(data)
        on_end = self._readings[fd].source.on_end
        self._drop(fd)
        if on_end is not None:
            on_end()
        return most

    def _take(self, reading: _Reading, data: bytes) -> None:
        source, stream = reading
        if stream in self._tees:
            self._tees[stream].write(data)
        if source.speaker is None:
            return
        decoder = source.decoders.get(stream)
        if decoder is None:
            decoder = source.decoders[stream] = _UTF8("replace")
        text = decoder.decode(data)
        if text:
            self._sink.printed(source.speaker, self._clock.now(), stream, text)

    def _finish(self, source: Source, speaker: Speaker, missed: int) -> None:
        now = self._clock.now()
        for stream, decoder in source.decoders.items():
            rest = decoder.decode(b"", True)
            if rest:
                self._sink.printed(speaker, now, stream, rest)
        source.decoders.clear()
        if missed:
            self._sink.missed(speaker, now, missed)
        self._sink.ended(speaker, now)

    def _drop(self, fd: int) -> None:
        source, _ = self._readings.pop(fd)
        del source.reads[fd]
        source.poller.unregister(fd)
        with suppress(KeyError):
            self._poller.unregister(fd)
        Unshared.close(fd)


@contextmanager
def pumping(sink: Sink, clock: Clock, prints_here: bool = True) -> Iterator[Pump]:
    """A pump that passes output on to where this process prints, or only to the sink."""
    with ExitStack() as stack:
        beside = stack.enter_context(tees()) if prints_here else {}
        yield stack.enter_context(closing(Pump(sink, beside, clock)))


def _unread(fd: int) -> int:
    """Bytes in a pipe."""
    import termios

    size: int = struct.unpack("i", fcntl.ioctl(fd, termios.FIONREAD, b"\0\0\0\0"))[0]
    return size
