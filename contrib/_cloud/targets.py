"""ObjectTarget: what the targets have in common that are objects in a bucket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from luigi.target import FileAlreadyExists, FileSystemTarget, temporary_name


class ObjectTarget(FileSystemTarget):
    """An object, written whole or not at all, or a directory."""

    @contextmanager
    def temporary_path(self) -> Iterator[str]:
        """As `FileSystemTarget.temporary_path`, but no directory is made: none is needed to write an object.

        There is no renaming: what was written is copied by the service. Of two writers of an object at the same moment
        the second gets FileAlreadyExists.
        """
        temporary = temporary_name(self.path)
        try:
            yield temporary
        except BaseException:
            self._remove_leftover(temporary)
            raise
        try:
            self.fs.rename_dont_move(temporary, self.path)
        except FileAlreadyExists as error:
            error.add_note(f"what was written is at {temporary}")
            raise
