"""ObjectTarget: what the targets have in common that are objects in a bucket."""

from __future__ import annotations

from luigi.target import FileSystemTarget


class ObjectTarget(FileSystemTarget):
    """An object, written whole or not at all, or a directory.

    What is written to a temporary path is not renamed but copied by the service. Of two writers of an object at the
    same moment the second gets FileAlreadyExists.
    """

    def _make_folder(self) -> None:
        """None is needed to write an object."""
