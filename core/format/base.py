"""The shape of a format, chaining formats with `>>`, and thin wrappers around streams."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from luigi.errors import KernelError


class IncompatibleFormats(KernelError, TypeError):
    """Two formats were chained of which the second does not take what the first gives."""

    def __init__(self, first: object, second: object) -> None:
        names = type(first).__name__, type(second).__name__
        kinds = getattr(first, "output", None), getattr(second, "input", None)
        super().__init__(f"{names[0]} >> {names[1]}: {names[0]} gives {kinds[0]}, {names[1]} takes {kinds[1]}")
        self.hint = "formats are chained in the order of writing, like UTF8 >> Gzip"


def discard(stream: Any) -> None:
    """Give up a stream so that nothing it holds becomes visible: `abort()` where it has one, else `close()`."""
    getattr(stream, "abort", stream.close)()


class Format:
    """How content is read from and written to a stream.

    `input` is what a program writes and reads through it, `output` what it passes on: "unicode" or "bytes". A format
    that leaves one out chains with anything.
    """

    def pipe_reader(self, input_pipe: Any) -> Any:
        """A stream to read from, fed by `input_pipe`."""
        raise NotImplementedError(f"{type(self).__name__} has no pipe_reader()")

    def pipe_writer(self, output_pipe: Any) -> Any:
        """A stream to write to that passes on to `output_pipe`, and closes or discards it with itself."""
        raise NotImplementedError(f"{type(self).__name__} has no pipe_writer()")

    def __rshift__(self, b: Any) -> ChainFormat:
        return ChainFormat(self, b)


class ChainFormat(Format):
    """Formats one after the other, in the order of writing. Raises IncompatibleFormats when they do not fit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.args = args
        if hasattr(args[0], "input"):
            self.input = args[0].input
        if hasattr(args[-1], "output"):
            self.output = args[-1].output
        if kwargs.get("check_consistency", True):
            self._check()

    def _check(self) -> None:
        for first, second in zip(self.args, self.args[1:], strict=False):
            gives, takes = getattr(first, "output", None), getattr(second, "input", None)
            if gives is not None and takes is not None and gives != takes:
                raise IncompatibleFormats(first, second)

    def pipe_reader(self, input_pipe: Any) -> Any:
        """The last format's reader inside the first's."""
        for part in reversed(self.args):
            input_pipe = part.pipe_reader(input_pipe)
        return input_pipe

    def pipe_writer(self, output_pipe: Any) -> Any:
        """The last format's writer inside the first's."""
        for part in reversed(self.args):
            output_pipe = part.pipe_writer(output_pipe)
        return output_pipe


class NopFormat(Format):
    """Bytes as they are."""

    def pipe_reader(self, input_pipe: Any) -> Any:
        """`input_pipe` itself."""
        return input_pipe

    def pipe_writer(self, output_pipe: Any) -> Any:
        """`output_pipe` itself."""
        return output_pipe


class WrappedFormat(Format):
    """A format that is a wrapper class: `wrapper_cls(stream, …)`, with whatever the format was made with."""

    wrapper_cls: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.args = args
        self.kwargs = kwargs

    def pipe_reader(self, input_pipe: Any) -> Any:
        """The wrapper around a stream to read from."""
        return self.wrapper_cls(input_pipe, *self.args, **self.kwargs)

    def pipe_writer(self, output_pipe: Any) -> Any:
        """The wrapper around a stream to write to."""
        return self.wrapper_cls(output_pipe, *self.args, **self.kwargs)


class BaseWrapper:
    """A stream that does as `stream` does; subclasses override what differs. The wrapped one is `_stream`."""

    def __init__(self, stream: Any, *args: Any, **kwargs: Any) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        if name == "_stream":  # asked before __init__, while unpickling or copying
            raise AttributeError(name)
        return getattr(self._stream, name)

    def __enter__(self) -> Any:
        self._stream.__enter__()
        return self

    def __exit__(self, *error: Any) -> Any:
        return self._stream.__exit__(*error)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._stream)


class FileWrapper(BaseWrapper):
    """A file object that can be given further attributes. The wrapped one is also `_subpipe`."""

    def __init__(self, file_object: Any) -> None:
        super().__init__(file_object)

    @property
    def _subpipe(self) -> Any:
        return self._stream
