"""DropboxTarget, and its files: fetched to be read, and written whole when closed."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from luigi.atomic_local_file import AtomicLocalFile
from luigi.contrib._cloud.errors import FileNotFoundException
from luigi.contrib._dropbox.client import DropboxClient
from luigi.contrib._dropbox.slashes import as_asked
from luigi.contrib._dropbox.transfers import download, upload
from luigi.format import Format, get_default_format
from luigi.target import FileSystemTarget, InvalidMode, temporary_name


class ReadableDropboxFile(io.BufferedReader):
    """The bytes of a file, fetched whole before they are read. Raises FileNotFoundException."""

    def __init__(self, path: str, client: DropboxClient) -> None:
        self.path, self.client = path, client
        super().__init__(download(client.conn, as_asked(path)))


class AtomicWritableDropboxFile(AtomicLocalFile):
    """A file of this machine that is uploaded to `path` when it is closed: all of it is seen, or nothing."""

    def __init__(self, path: str, client: DropboxClient) -> None:
        self.client = client
        super().__init__(path)

    def move_to_final_destination(self) -> None:
        """Upload it."""
        self.client.upload(self.tmp_path, self.path)


class DropboxTarget(FileSystemTarget):
    """A file or directory in Dropbox, written whole or not at all.

    `format` is what its content goes through, text unless given; the others are as for DropboxClient.
    """

    def __init__(
        self,
        path: str,
        token: str | None = None,
        format: Format | None = None,
        user_agent: str = "Luigi",
        root_namespace_id: str | None = None,
    ) -> None:
        super().__init__(path)
        self.client = DropboxClient(token, user_agent, root_namespace_id)
        self.format = get_default_format() if format is None else format

    @property
    def token(self) -> str:
        """Who asks; empty where the section `[dropbox]` says."""
        return self.client.token

    @property
    def fs(self) -> DropboxClient:
        """The Dropbox."""
        return self.client

    def open(self, mode: str = "r") -> IO[Any]:
        """Open for reading (`r`) or writing (`w`); whether it is text or bytes is up to the format, not to a `b`.

        What is written is uploaded when it is closed; leaving `with` by an exception uploads nothing. Raises
        FileNotFoundException, and InvalidMode for other modes.
        """
        kind = mode.replace("b", "")
        if kind == "w":
            return self.format.pipe_writer(AtomicWritableDropboxFile(self.path, self.client))  # type: ignore[no-any-return]
        if kind == "r":
            return self.format.pipe_reader(ReadableDropboxFile(self.path, self.client))  # type: ignore[no-any-return]
        raise InvalidMode(self, mode)

    @contextmanager
    def temporary_path(self) -> Iterator[str]:
        """A path **of this machine** to write to, file or directory, that becomes `path` when the block ends well.

        A block that raises leaves nothing behind. Raises FileAlreadyExists when something is at `path` by then, and
        FileNotFoundException when nothing was written; what was written stays when it cannot be uploaded.
        """
        folder = tempfile.mkdtemp(prefix="luigi-dropbox-")
        local = os.path.join(folder, os.path.basename(self.path.rstrip("/")))
        try:
            yield local
            if not os.path.exists(local):
                raise FileNotFoundException(local)
        except BaseException:
            shutil.rmtree(folder)
            raise
        try:
            self._bring(local)
        except Exception as error:
            error.add_note(f"what was written is at {local}")
            raise
        shutil.rmtree(folder)

    def _bring(self, local: str) -> None:
        path = as_asked(self.path.rstrip("/"))
        if os.path.isfile(local):
            upload(self.client.conn, local, path, replace=False)
        else:
            self._bring_directory(local, path)

    def _bring_directory(self, local: str, path: str) -> None:
        """Upload to a place beside, and rename: so all of it is seen, or nothing."""
        beside = temporary_name(path)
        self.client.mkdir(beside)
        try:
            for folder, _, names in os.walk(local):
                there = beside + folder.removeprefix(local).replace(os.sep, "/")
                for name in names:
                    upload(self.client.conn, os.path.join(folder, name), f"{there}/{name}", replace=False)
            self.client.rename_dont_move(beside, path)
        except BaseException:
            self._remove_leftover(beside)
            raise
