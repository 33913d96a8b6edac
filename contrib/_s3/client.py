"""S3Client: the verbs of a file system, on S3."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from luigi.contrib._cloud.errors import CopyIntoItself, FileNotFoundException, InvalidDeleteException
from luigi.contrib._s3 import transfers
from luigi.contrib._s3.addresses import Address, of_object, parse
from luigi.contrib._s3.errors import NotRemoved, refuse_old_options
from luigi.contrib._s3.reader import S3Reader
from luigi.contrib._s3.settings import DEFAULT_PART_SIZE, DEFAULT_THREADS
from luigi.contrib._s3.transfers import Piece
from luigi.target import FileAlreadyExists, MissingParentDirectory, NotADirectory

AT_ONCE = 1000
"""Objects that one call can remove."""


class S3Client(S3Reader):
    """S3, or a service that speaks as it does. It can be pickled.

    What is not given is taken from the section `[s3]`, and what that leaves open from Amazon's own configuration.
    `kwargs` are options of that section, or arguments of `boto3.Session.resource`. Paths are `s3://bucket/key`.
    Methods raise botocore's errors, beside those they name, and MissingExtra where boto3 is not installed.
    """

    # --- bringing ----------------------------------------------------------------------------------------------

    def put(self, local_path: str, destination_s3_path: str, **kwargs: Any) -> None:
        """Upload a file. `kwargs` are options of boto3's uploads, such as `ContentType`. Raises OSError."""
        self.put_multipart(local_path, destination_s3_path, **kwargs)

    def put_multipart(
        self, local_path: str, destination_s3_path: str, part_size: int = DEFAULT_PART_SIZE, **kwargs: Any
    ) -> None:
        """Upload a file, a large one in parts of `part_size` bytes. It appears whole. Raises OSError."""
        address = of_object(destination_s3_path)
        transfers.upload(self._client, local_path, address, self._options(kwargs), part_size, transfers.THREADS)

    def put_string(self, content: str | bytes, destination_s3_path: str, **kwargs: Any) -> None:
        """Put an object with that content: text as UTF-8. `kwargs` as for `put`."""
        bucket, key = of_object(destination_s3_path)
        body = content.encode() if isinstance(content, str) else content
        self._client.put_object(Bucket=bucket, Key=key, Body=body, **self._options(kwargs))

    def _options(self, given: dict[str, Any]) -> dict[str, Any]:
        refuse_old_options(given)
        return {**self._settings.upload_options, **given}

    # --- changing what is there ------------------------------------------------------------------------------------

    def mkdir(self, path: str, parents: bool = True, raise_if_exists: bool = False) -> None:
        """Put a marker that says there is a directory, if there is none. Nothing that is written needs one.

        Raises as `FileSystem.mkdir` does, and FileNotFoundException for a bucket: this makes none.
        """
        address = parse(path)
        if self._is_directory(address):
            if raise_if_exists:
                raise FileAlreadyExists(f"{path} exists already")
            return
        if not address.key:
            raise FileNotFoundException(path)
        if self._object(Address(address.bucket, address.key.removesuffix("/"))):
            raise NotADirectory(f"{path} is an object, so it cannot be made a directory")
        above = Address(address.bucket, address.folder[:-1].rpartition("/")[0])
        if not parents and above.key and not self._is_directory(above):
            raise MissingParentDirectory(f"{path} cannot be made: s3://{above.bucket}/{above.key} does not exist")
        self._mark(address)

    def _mark(self, address: Address) -> None:
        """Say that there is a directory."""
        self._client.put_object(Bucket=address.bucket, Key=address.folder, Body=b"")

    def remove(self, path: str, recursive: bool = True, skip_trash: bool = True) -> bool:  # type: ignore[override]
        """Remove the object at `path`, or when `recursive` all below it. True when there was something.

        `skip_trash` is always true here. Raises InvalidDeleteException for a bucket, and for a directory unless
        `recursive`; NotRemoved when the service keeps some of it.
        """
        address = parse(path)
        if not address.key:
            raise InvalidDeleteException(f"{path} is a bucket", hint="remove what is in it, directory by directory")
        if self._object(address) is not None:
            self._delete(address.bucket, [address.key])
            return True
        if not self._is_directory(address):
            return False
        if not recursive:
            raise InvalidDeleteException(f"{path} is a directory", hint="remove it with recursive=True")
        below = self._objects(address)
        self._delete(address.bucket, [found["Key"] for found in below])
        self._delete_old_marker(address)
        return True

    def _delete_old_marker(self, address: Address) -> None:
        if self._head(address.bucket, address.old_marker) is not None:  # or a bucket with versions would note a removal
            self._delete(address.bucket, [address.old_marker])

    def _delete(self, bucket: str, keys: list[str]) -> None:
        if len(keys) == 1:  # for which not every service has the other call
            self._client.delete_object(Bucket=bucket, Key=keys[0])
            return
        for first in range(0, len(keys), AT_ONCE):
            objects = [{"Key": key} for key in keys[first : first + AT_ONCE]]
            answer = self._client.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
            if answer.get("Errors"):
                raise NotRemoved(bucket, answer["Errors"])

    # --- from one place to another ---------------------------------------------------------------------------------

    def copy(  # type: ignore[override]  # what was copied is said, as Luigi says it
        self,
        source_path: str,
        destination_path: str,
        threads: int = DEFAULT_THREADS,
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        part_size: int = DEFAULT_PART_SIZE,
        **kwargs: Any,
    ) -> tuple[int, int]:
        """Copy an object, or all below a directory, within the service: how many objects, and how many bytes.

        An object goes into a destination that ends in a slash. `threads` objects, or parts of `part_size` bytes, are
        copied at a time; times choose as in `listdir`; `kwargs` are options of boto3's copies, such as `StorageClass`.
        Raises FileNotFoundException, and CopyIntoItself.
        """
        done = self._copy(source_path, destination_path, threads, start_time, end_time, part_size, **kwargs)
        objects = [piece for piece in done if not piece.is_marker]
        return len(objects), sum(piece.size for piece in objects)

    def move(self, source_path: str, destination_path: str, **kwargs: Any) -> None:  # type: ignore[override]
        """Copy, with `kwargs` as for `copy`, and then remove what was copied. Raises as `copy` and `remove` do."""
        source = parse(source_path)
        gone = [piece.source.key for piece in self._copy(source_path, destination_path, **kwargs)]
        self._delete(source.bucket, gone)
        if gone != [source.key] and not {"start_time", "end_time"} & kwargs.keys():
            self._delete_old_marker(source)

    def rename_dont_move(self, path: str, dest: str) -> None:
        """Move, but never over something that is there: FileAlreadyExists then.

        An object of up to 256 MB is safe against a second writer, since the service refuses to replace. Of larger ones
        and of directories this looks first, as it does with a boto3 of before 2025.
        """
        taken = FileAlreadyExists(f"{dest} exists already")
        if self.exists(dest):
            raise taken
        source, destination = parse(path), parse(dest)
        found = self._object(source)
        if found is None or destination.folder == destination.key or not transfers.can_refuse(self._client, found):
            self.move(path, dest)
            return
        if not transfers.copy_anew(self._client, source, destination, self._options({})):
            raise taken
        self._delete(source.bucket, [source.key])

    def _copy(
        self,
        source_path: str,
        destination_path: str,
        threads: int = DEFAULT_THREADS,
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        part_size: int = DEFAULT_PART_SIZE,
        **options: Any,
    ) -> list[Piece]:
        """What was copied, markers of directories with it."""
        options = self._options(options)
        pieces = self._pieces(source_path, destination_path, start_time, end_time)
        objects = [piece for piece in pieces if not piece.is_marker]
        flags = [piece for piece in objects if piece.is_flag]
        for some in ([piece for piece in objects if not piece.is_flag], flags):  # whoever sees a flag finds the rest
            if some:
                transfers.copy(self._client, some, options, part_size, threads)
        for piece in pieces:
            if piece.is_marker:  # which not every service can copy
                self._mark(piece.destination)
        if not pieces and not (start_time or end_time):  # of the directory there is no more than an old marker
            self.mkdir(destination_path)
        return pieces

    def _pieces(
        self, source_path: str, destination_path: str, start: datetime | None, end: datetime | None
    ) -> list[Piece]:
        source, destination = parse(source_path), parse(destination_path)
        found = self._object(source)
        if found is not None:
            if not destination.key or destination.key.endswith("/"):
                destination = Address(destination.bucket, destination.key + source.name)
            if source == destination:
                raise CopyIntoItself(source_path, destination_path)
            return [Piece(source, destination, found["ContentLength"])]
        if not self._is_directory(source):
            raise FileNotFoundException(source_path)
        if source.bucket == destination.bucket and destination.folder.startswith(source.folder):
            raise CopyIntoItself(source_path, destination_path)
        beginning = len(source.folder)
        return [
            Piece(Address(source.bucket, found["Key"]), Address(destination.bucket, name), found["Size"])
            for found in self._objects(source, start, end)
            if (name := destination.folder + found["Key"][beginning:])  # no marker for the bucket itself
        ]
