"""DropboxClient: the verbs of a file system, on Dropbox."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import Any

from luigi.contrib._cloud.addresses import Address
from luigi.contrib._cloud.errors import FileNotFoundException
from luigi.contrib._cloud.existence import existing
from luigi.contrib._cloud.store import Page
from luigi.contrib._dropbox import settings
from luigi.contrib._dropbox.connection import connected
from luigi.contrib._dropbox.errors import EXTRA, NotEmpty, said_of
from luigi.contrib._dropbox.slashes import (
    accept_trailing_slash,
    accept_trailing_slash_in_existing_dirpaths,
    as_asked,
)
from luigi.contrib._dropbox.transfers import download, upload
from luigi.extras import need
from luigi.target import FileAlreadyExists, FileSystem, MissingParentDirectory, NotADirectory

AT_ONCE = 2000
"""Names in one answer: the most that Dropbox gives."""


class DropboxClient(FileSystem):
    """A Dropbox. Paths begin with a slash, and mean the same in capitals and small letters. It can be pickled.

    Who asks is `token`; without one the section `[dropbox]` says, which also has the time-outs. `root_namespace_id` is
    the namespace that paths begin in, such as that of a team's folder.
    Methods raise MissingExtra, NoToken, NoAddress, Refused, Unreachable, and what they name.
    """

    def __init__(
        self, token: str | None = None, user_agent: str = "Luigi", root_namespace_id: str | None = None
    ) -> None:
        self.token = token or ""
        self._user_agent = user_agent
        self._root = root_namespace_id or ""
        self._connections: dict[tuple[int, settings.Settings], Any] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_connections": {}}

    @property
    def conn(self) -> Any:
        """Dropbox's own client, of this process, as it is configured now."""
        key = (os.getpid(), settings.current())  # a child must not read its parent's answers
        if key not in self._connections:
            self._connections = {key: connected(key[1], self.token, self._user_agent, self._root)}
        return self._connections[key]

    # --- what is there -----------------------------------------------------------------------------------------------

    @accept_trailing_slash_in_existing_dirpaths
    def exists(self, path: str) -> bool:
        """Whether there is a file or directory at `path`."""
        return not as_asked(path) or self._found(path) is not None

    def exists_many(self, paths: Iterable[str]) -> set[str]:
        """Those of `paths` at which there is something, by listing what they have in common."""
        return existing(self._pages, {path: Address("", as_asked(path).lower()[1:]) for path in paths}, self.exists)

    @accept_trailing_slash
    def isdir(self, path: str) -> bool:
        """Whether `path` is a directory."""
        return not as_asked(path) or self._is_folder(self._found(path))

    @accept_trailing_slash_in_existing_dirpaths
    def listdir(self, path: str, **kwargs: Any) -> Iterator[str]:
        """Every file below `path`, at any depth; `kwargs` are those of `files_list_folder`."""
        beginning = as_asked(path)
        depth = beginning.count("/") + 1
        try:
            for entry in self._entries(beginning, **{"recursive": True, **kwargs}):
                if not self._is_folder(entry):
                    yield "/".join([beginning, *entry.path_display.split("/")[depth:]])
        except FileNotFoundException:
            return

    @accept_trailing_slash_in_existing_dirpaths
    def modified_at(self, path: str) -> float | None:
        """When the file at `path` was last written, in seconds since the epoch; of a directory, the newest in it."""
        asked = as_asked(path)
        found = self._found(path) if asked else None
        if asked and found is None:
            return None
        entries = [found] if asked and not self._is_folder(found) else self._entries(asked, recursive=True)
        return max((_written_at(entry) for entry in entries if not self._is_folder(entry)), default=None)

    def _found(self, path: str) -> Any:
        """What Dropbox says of a path that is not the root's; None where there is nothing."""
        try:
            with said_of(path):
                return self.conn.files_get_metadata(as_asked(path))
        except FileNotFoundException:
            return None

    def _is_folder(self, entry: Any) -> bool:
        return isinstance(entry, need("dropbox.files", EXTRA).FolderMetadata)

    def _entries(self, path: str, **how: Any) -> Iterator[Any]:
        for entries, _ in self._answers(path, **how):
            yield from entries

    def _answers(self, path: str, **how: Any) -> Iterator[tuple[list[Any], bool]]:
        """What a directory has in it, and whether that is all."""
        with said_of(path):
            answer = self.conn.files_list_folder(path, **{"limit": AT_ONCE, **how})
        while True:
            yield answer.entries, not answer.has_more
            if not answer.has_more:
                return
            with said_of(path):
                answer = self.conn.files_list_folder_continue(answer.cursor)

    def _pages(self, _: str, prefix: str, delimiter: str) -> Iterator[Page]:
        """What a store of objects would say of that directory."""
        try:
            for entries, is_last in self._answers(as_asked(f"/{prefix}")[: len(prefix)], recursive=not delimiter):
                folders = [f"{entry.path_lower[1:]}/" for entry in entries if self._is_folder(entry)]
                yield Page([*(entry.path_lower[1:] for entry in entries), *folders], is_last)
        except (FileNotFoundException, NotADirectory):
            yield Page((), True)

    # --- changing what is there --------------------------------------------------------------------------------------

    @accept_trailing_slash
    def mkdir(self, path: str, parents: bool = True, raise_if_exists: bool = False) -> None:
        """Make a directory. Raises as `FileSystem.mkdir` does."""
        above = path.rpartition("/")[0]
        if not parents and not self.isdir(above):
            raise MissingParentDirectory(f"{path} cannot be made: {above} does not exist")
        if not as_asked(path):
            there = True
        else:
            there = not self._made(path)
        if there and not self.isdir(path):
            raise NotADirectory(f"{path} is a file, so it cannot be made a directory")
        if there and raise_if_exists:
            raise FileAlreadyExists(f"{path} exists already")

    def _made(self, path: str) -> bool:
        """Make a directory; False where there is something."""
        try:
            with said_of(path):
                self.conn.files_create_folder_v2(path)
        except FileAlreadyExists:
            return False
        return True

    @accept_trailing_slash_in_existing_dirpaths
    def remove(self, path: str, recursive: bool = True, skip_trash: bool = True) -> bool:  # type: ignore[override]
        """Remove a file, or when `recursive` a directory with all it holds. True when there was something.

        Dropbox keeps what is removed for a while, whatever `skip_trash` says. Raises NotEmpty unless `recursive`.
        """
        if not recursive and self.isdir(path) and any(True for _ in self._entries(as_asked(path))):
            raise NotEmpty(path)
        try:
            with said_of(path):
                self.conn.files_delete_v2(as_asked(path))
        except FileNotFoundException:
            return False
        return True

    # --- from one place to another -----------------------------------------------------------------------------------

    @accept_trailing_slash_in_existing_dirpaths
    def move(self, path: str, dest: str) -> None:
        """Give a file or directory another name. Dropbox replaces nothing: FileAlreadyExists.

        Raises FileNotFoundException, and CopyIntoItself.
        """
        with said_of(path, dest):
            self.conn.files_move_v2(as_asked(path), as_asked(dest.rstrip("/")))

    def rename_dont_move(self, path: str, dest: str) -> None:
        """As `move`, which is safe against a second writer."""
        self.move(path, dest)

    @accept_trailing_slash_in_existing_dirpaths
    def copy(self, path: str, dest: str) -> None:
        """Copy a file, or a directory with all it holds. Raises as `move` does."""
        with said_of(path, dest):
            self.conn.files_copy_v2(as_asked(path), as_asked(dest.rstrip("/")))

    # --- bringing and fetching ---------------------------------------------------------------------------------------

    def upload(self, tmp_path: str, dest_path: str) -> None:
        """Upload a file, which appears whole, in place of one that is there. Raises OSError."""
        upload(self.conn, tmp_path, as_asked(dest_path), replace=True)

    def download_as_bytes(self, path: str) -> bytes:
        """The content of a file. Raises FileNotFoundException."""
        with download(self.conn, as_asked(path)) as file:
            return file.read()


def _written_at(file: Any) -> float:
    """In seconds since the epoch, by the clock of Dropbox, which its client gives without a zone."""
    at: float = file.server_modified.replace(tzinfo=UTC).timestamp()
    return at
