"""Targets in S3: an object, and a directory that is there once a flag in it says so."""

from __future__ import annotations

import warnings
from typing import IO, Any

from luigi.contrib._cloud.errors import FileNotFoundException, NotADirectoryPath
from luigi.contrib._cloud.targets import ObjectTarget
from luigi.contrib._s3.addresses import of_object
from luigi.contrib._s3.client import S3Client
from luigi.contrib._s3.connection import service_error
from luigi.contrib._s3.streams import AtomicS3File, ReadableS3File
from luigi.format import Format, get_default_format
from luigi.parameter import OptionalParameter, Parameter
from luigi.target import InvalidMode
from luigi.task import ExternalTask

SUCCESS = "_SUCCESS"


class S3Target(ObjectTarget):
    """An object in S3, written whole or not at all, or a directory.

    `format` is what its content goes through, text unless given; `client` an S3Client, unless the section `[s3]` says
    all. `kwargs` are options of boto3's uploads, such as `ContentType`.
    """

    fs: S3Client = S3Client()  # which has no connection of its own

    def __init__(self, path: str, format: Format | None = None, client: S3Client | None = None, **kwargs: Any) -> None:
        super().__init__(path)
        self.format = get_default_format() if format is None else format
        if client is not None:
            self.fs = client
        self.s3_options = kwargs

    def open(self, mode: str = "r") -> IO[Any]:
        """Open for reading (`r`) or writing (`w`); whether it is text or bytes is up to the format, not to a `b`.

        What is written goes to a file of this machine and is uploaded when that is closed; leaving `with` by an
        exception uploads nothing. Raises FileNotFoundException when there is nothing to read, InvalidMode for other
        modes, and botocore's errors.
        """
        kind = mode.replace("b", "")
        if kind == "w":
            return self.format.pipe_writer(AtomicS3File(self.path, self.fs, **self.s3_options))  # type: ignore[no-any-return]
        if kind == "r":
            return self.format.pipe_reader(self._download())  # type: ignore[no-any-return]
        raise InvalidMode(self, mode)

    def _download(self) -> ReadableS3File:
        try:
            return ReadableS3File(self.fs.s3.Object(*of_object(self.path)))
        except service_error() as error:
            if error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
                raise FileNotFoundException(self.path) from error
            error.add_note(f"when {self.path} was to be read")
            raise


class S3FlagTarget(S3Target):
    """A directory that is there once there is an object `flag` in it, as Hadoop's jobs leave one behind.

    Raises NotADirectoryPath unless `path` ends in a slash.
    """

    def __init__(
        self,
        path: str,
        format: Format | None = None,
        client: S3Client | None = None,
        flag: str | None = SUCCESS,
    ) -> None:
        if not path.endswith("/"):
            raise NotADirectoryPath(path)
        super().__init__(path, format, client)
        self.flag = flag or SUCCESS

    def exists(self) -> bool:
        """Whether the flag is in the directory."""
        return self.fs.exists(self.path + self.flag)


class S3EmrTarget(S3FlagTarget):
    """The older name of S3FlagTarget."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        warnings.warn("S3EmrTarget is deprecated: use S3FlagTarget", DeprecationWarning, stacklevel=2)
        super().__init__(*args, **kwargs)


class S3PathTask(ExternalTask):
    """An object that comes from elsewhere."""

    path = Parameter()

    def output(self) -> S3Target:
        """The object."""
        return S3Target(self.path)


class S3FlagTask(ExternalTask):
    """A directory with a flag that comes from elsewhere."""

    path = Parameter()
    flag = OptionalParameter(default=None)

    def output(self) -> S3FlagTarget:
        """The directory."""
        return S3FlagTarget(self.path, flag=self.flag)


class S3EmrTask(ExternalTask):
    """A directory with the flag of Hadoop's jobs that comes from elsewhere."""

    path = Parameter()

    def output(self) -> S3EmrTarget:
        """The directory."""
        return S3EmrTarget(self.path)
