"""External commands as streams: read what a command makes of a stream, or write through one into a stream."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from luigi.format.base import discard
from luigi.format.command import CommandFailed, command_line, file_number
from luigi.format.pump import Pump

if TYPE_CHECKING:
    import subprocess

BROKEN_PIPE = {-13, 141}  # died of SIGPIPE itself, or in a shell: its reader had enough, which is no failure


class InputPipeProcessWrapper:
    """What a command writes to its standard output, with `input_pipe` as its standard input.

    Closing raises CommandFailed when it ended with another status than 0. It is no failure when it had more to write
    than was read. Attributes not found here are those of the process's output.
    """

    def __init__(self, command: Sequence[str], input_pipe: Any = None) -> None:
        self._command = command
        self._input_pipe = input_pipe
        self._process = self.create_subprocess(command)
        self._stdout: Any = self._process.stdout
        stdin = self._process.stdin
        self._pump = Pump(input_pipe, stdin, process_end=stdin) if stdin and input_pipe is not None else None

    def create_subprocess(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        """Start the command. For subclasses that start it elsewhere."""
        import subprocess

        stdin = self._input_pipe
        if stdin is not None and file_number(stdin) is None:
            stdin = subprocess.PIPE
        return subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE)

    def __getattr__(self, name: str) -> Any:
        if name == "_stdout":
            raise AttributeError(name)
        return getattr(self._stdout, name)

    def __enter__(self) -> Any:
        return self

    def __iter__(self) -> Iterator[bytes]:
        while line := self._stdout.readline():
            yield line

    def __next__(self) -> bytes:
        return next(self._stdout)  # type: ignore[no-any-return]

    # These are not left to __getattr__: a method of the process's output would not keep this object, and with it the
    # process, alive while it reads.

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes, all when negative; empty at the end."""
        return self._stdout.read(size)  # type: ignore[no-any-return]

    def read1(self, size: int = -1) -> bytes:
        """Up to `size` bytes, as they come; empty at the end."""
        return self._stdout.read1(size)  # type: ignore[no-any-return]

    def readline(self, size: int = -1) -> bytes:
        """The next line with its ending; empty at the end."""
        return self._stdout.readline(size)  # type: ignore[no-any-return]

    def readlines(self) -> list[bytes]:
        """The lines that are left."""
        return list(self)

    def readable(self) -> bool:
        """True."""
        return True

    def writable(self) -> bool:
        """False."""
        return False

    def seekable(self) -> bool:
        """False."""
        return False

    def close(self) -> None:
        """Stop reading, wait for the command, and raise CommandFailed when it failed."""
        if self.closed:
            return
        status = self._finish()
        if status not in {0, *BROKEN_PIPE}:
            raise CommandFailed(self._command, status)
        if self._pump:
            self._pump.check()

    def abort(self) -> None:
        """Stop reading and end the command, whatever its status."""
        if not self.closed:
            self._process.terminate()
            self._finish()

    def __exit__(self, exc_type: Any, exc: Any, trace: Any) -> None:
        if exc_type is None:
            self.close()
        else:
            self.abort()

    def __del__(self) -> None:
        if "_pump" not in self.__dict__:  # the command could not be started
            return
        if self._process.poll() is None:  # waiting for it here could last
            self.abort()
        else:
            self.close()

    def _finish(self) -> int:
        self._stdout.close()
        status = self._process.wait()
        if self._pump:
            self._pump.join()
        if self._input_pipe is not None:
            self._input_pipe.close()
        return status


class OutputPipeProcessWrapper:
    """What is written goes to a command's standard input; its standard output to `output_pipe`, else to the program's.

    Closing waits for the command, then closes `output_pipe`, which makes an atomic file appear. When the command ends
    with another status than 0, `output_pipe` is discarded and CommandFailed raised.
    """

    WRITES_BEFORE_FLUSH = 10000

    def __init__(self, command: Sequence[str], output_pipe: Any = None) -> None:
        import subprocess

        self.closed = False
        self._command = command
        self._output_pipe = output_pipe
        self._flushcount = 0
        stdout = output_pipe
        if output_pipe is not None and file_number(output_pipe) is None:
            stdout = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=stdout)
        self._stdin: Any = self._process.stdin
        made = self._process.stdout
        self._pump = Pump(made, output_pipe, process_end=made) if made else None

    def __getattr__(self, name: str) -> Any:
        if name in {"_stdin", "_output_pipe"}:
            raise AttributeError(name)
        return getattr(self._stdin if hasattr(self._stdin, name) else self._output_pipe, name)

    def __enter__(self) -> Any:
        return self

    def readable(self) -> bool:
        """False."""
        return False

    def writable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """False."""
        return False

    def write(self, *args: Any, **kwargs: Any) -> None:
        """Write bytes; every WRITES_BEFORE_FLUSH times they are flushed to the command."""
        try:
            self._stdin.write(*args, **kwargs)
            self._flushcount += 1
            if self._flushcount >= self.WRITES_BEFORE_FLUSH:
                self._flushcount = 0
                self._stdin.flush()
        except BrokenPipeError as error:
            error.add_note(f"{command_line(self._command)} ended before it had read everything")
            raise

    def writeLine(self, line: bytes) -> None:
        """Write bytes and a newline."""
        self.write(line + b"\n")

    def close(self) -> None:
        """Wait for the command to end well and close `output_pipe`; discard it otherwise."""
        if self.closed:
            return
        status = self._finish()
        try:
            if status:
                raise CommandFailed(self._command, status)
            if self._pump:
                self._pump.check()
        except BaseException:
            self._discard_output()
            raise
        if self._output_pipe is not None:
            self._output_pipe.close()

    def abort(self) -> None:
        """End the command and discard `output_pipe`."""
        if self.closed:
            return
        self._process.terminate()
        self._finish()
        self._discard_output()

    def __exit__(self, exc_type: Any, exc: Any, trace: Any) -> None:
        if exc_type is None:
            self.close()
        else:
            self.abort()

    def __del__(self) -> None:
        if "_pump" in self.__dict__:
            self.abort()

    def _finish(self) -> int:
        """Let the command see the end of its input and wait for it. Its status decides, not whether it read all."""
        self.closed = True
        with suppress(BrokenPipeError):
            self._stdin.close()
        status = self._process.wait()
        if self._pump:
            self._pump.join()
        return status

    def _discard_output(self) -> None:
        if self._output_pipe is not None:
            discard(self._output_pipe)
