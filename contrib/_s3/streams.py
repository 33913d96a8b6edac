"""Objects as files: read as they come, written whole when closed."""

from __future__ import annotations

import io
from typing import Any

from luigi.atomic_local_file import AtomicLocalFile
from luigi.contrib._s3.errors import refuse_old_options
from luigi.extras import need

AHEAD = 256 * 1024
"""Bytes that are read at a time."""

RESUMPTIONS = 5
"""How often in a row a broken connection is made anew without a byte having come."""


class ReadableS3File(io.BufferedReader):
    """The bytes of an object, of which `s3_key` is boto3's ObjectSummary or Object.

    A connection that breaks is made anew where it broke, for the same version of the object. Raises botocore's errors.
    """

    def __init__(self, s3_key: Any) -> None:
        super().__init__(_Download(s3_key), AHEAD)
        self.s3_key = s3_key


class _Download(io.RawIOBase):
    """The bytes of an object, unbuffered."""

    def __init__(self, key: Any) -> None:
        self._key = key
        self._position = 0
        answer = key.get()
        self._version = answer.get("ETag")
        self._body = answer["Body"]
        self._breaks = _breaks()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        content = self._more(len(buffer))
        buffer[: len(content)] = content
        self._position += len(content)
        return len(content)

    def _more(self, size: int) -> bytes:
        for _ in range(RESUMPTIONS):
            try:
                return self._body.read(size)  # type: ignore[no-any-return]
            except self._breaks:
                self._resume()
        return self._body.read(size)  # type: ignore[no-any-return]

    def _resume(self) -> None:
        self._body.close()
        same = {"IfMatch": self._version} if self._version else {}
        self._body = self._key.get(Range=f"bytes={self._position}-", **same)["Body"]

    def close(self) -> None:
        if not self.closed and hasattr(self, "_body"):
            self._body.close()
        super().close()


def _breaks() -> tuple[type[Exception], ...]:
    """What is raised when a connection ends early or is silent for too long."""
    errors = need("botocore.exceptions", "s3")
    return errors.ReadTimeoutError, errors.ResponseStreamingError, errors.IncompleteReadError


class AtomicS3File(AtomicLocalFile):
    """A file of this machine that is uploaded to `path` when it is closed, in parts: all of it is seen, or nothing.

    `kwargs` are options of the upload, by boto3's names. Raises DeprecatedBotoClientException for one of boto 2.
    """

    def __init__(self, path: str, s3_client: Any, **kwargs: Any) -> None:
        refuse_old_options(kwargs)
        self.s3_client = s3_client
        self.s3_options = kwargs
        super().__init__(path)

    def move_to_final_destination(self) -> None:
        """Upload it. Raises botocore's errors; the parts that have arrived by then are thrown away."""
        self.s3_client.put_multipart(self.tmp_path, self.path, **self.s3_options)
