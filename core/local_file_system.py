"""LocalFileSystem: the verbs of a file system, on this machine's."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from luigi.target import (
    FileAlreadyExists,
    FileSystem,
    MissingParentDirectory,
    NotADirectory,
    folder_of,
    temporary_name,
)


class LocalFileSystem(FileSystem):
    """The file system of this machine. Copies and moves make the folders they need."""

    def exists(self, path: str) -> bool:
        """Whether there is a file or directory at `path`; a link that leads nowhere does not count."""
        # The same work as os.stat without building its result. It asks for the real user, who is the effective one in
        # all but setuid programs.
        return os.access(path, os.F_OK)

    def exists_many(self, paths: Iterable[str]) -> set[str]:
        """Those of `paths` at which there is something; a folder that many of them lie in is listed once instead."""
        from luigi.local_listing import existing

        return existing(paths)

    def isdir(self, path: str) -> bool:
        """Whether `path` is a directory."""
        return os.path.isdir(path)

    def listdir(self, path: str) -> Iterator[str]:
        """Every file below `path`, at any depth; nothing when `path` is not a directory."""
        for folder, _, names in os.walk(path):
            for name in names:
                yield os.path.join(folder, name)

    def modified_at(self, path: str) -> float | None:
        """When what is at `path` was last written; of a directory, the newest in it, itself included."""
        try:
            newest = os.stat(path).st_mtime
        except (FileNotFoundError, NotADirectoryError):
            return None
        for folder, names, files in os.walk(path):
            for name in (*names, *files):
                with suppress(FileNotFoundError):  # somebody has just removed it
                    newest = max(newest, os.lstat(os.path.join(folder, name)).st_mtime)
        return newest

    def mkdir(self, path: str, parents: bool = True, raise_if_exists: bool = False) -> None:
        """Make a directory; see `FileSystem.mkdir`."""
        try:
            if parents:
                os.makedirs(path)
            else:
                os.mkdir(path)
        except FileExistsError:
            if raise_if_exists:
                raise FileAlreadyExists(f"{path} exists already") from None
            if not os.path.isdir(path):
                raise NotADirectory(f"{path} is a file, so it cannot be made a directory") from None
        except FileNotFoundError:
            raise MissingParentDirectory(f"{path} cannot be made: {folder_of(path)} does not exist") from None

    def remove(self, path: str, recursive: bool = True, skip_trash: bool = True) -> None:
        """Remove a file or link; a directory with all it holds when `recursive`. `skip_trash` is always true here."""
        if recursive and os.path.isdir(path) and not os.path.islink(path):
            import shutil

            shutil.rmtree(path)
        else:
            os.remove(path)

    def why_not_remove(self, path: str) -> str | None:
        """What stands against removing what is at `path`: folders that may not be written, or that we are in."""
        from luigi.local_removal import why_not_remove

        return why_not_remove(path)

    def copy(self, old_path: str, new_path: str, raise_if_exists: bool = False) -> None:
        """Copy a file with its permissions; into `new_path` when that is a directory. It appears there whole.

        Raises FileAlreadyExists when `raise_if_exists` and there is something at `new_path`.
        """
        import shutil

        if raise_if_exists and os.path.lexists(new_path):
            raise FileAlreadyExists(f"{new_path} exists already")
        if os.path.isdir(new_path):
            new_path = os.path.join(new_path, os.path.basename(old_path))
        self._make_folder_of(new_path)
        _put_whole(lambda temporary: shutil.copy(old_path, temporary), new_path)

    def move(self, old_path: str, new_path: str, raise_if_exists: bool = False) -> None:
        """Rename a file or directory, from one disk to another by copying; replaces a file that is there.

        Raises FileAlreadyExists when `raise_if_exists` and there is something at `new_path`; OSError when that is a
        directory with something in it.
        """
        if raise_if_exists:
            self.rename_dont_move(old_path, new_path)
            return
        self._make_folder_of(new_path)
        _rename(old_path, new_path)

    def rename_dont_move(self, path: str, dest: str) -> None:
        """Rename `path` to `dest`; FileAlreadyExists when anything is there, also when it came this very moment.

        For a directory the last holds only against a directory with something in it: an empty one that appears at
        the same moment is replaced.
        """
        self._make_folder_of(dest)
        if os.path.lexists(dest):
            raise FileAlreadyExists(f"{dest} exists already")
        if os.path.isfile(path) and not os.path.islink(path) and _rename_by_link(path, dest):
            return
        _rename(path, dest)

    def _make_folder_of(self, path: str) -> None:
        folder = folder_of(path)
        if folder and not os.path.isdir(folder):
            self.mkdir(folder)


def _rename_by_link(path: str, dest: str) -> bool:
    """Rename a file, failing when `dest` exists as rename(2) would not; False where links are not to be had."""
    try:
        os.link(path, dest)
    except FileExistsError:
        raise FileAlreadyExists(f"{dest} exists already") from None
    except FileNotFoundError:
        raise
    except OSError:
        return False
    os.unlink(path)
    return True


def _rename(path: str, dest: str) -> None:
    try:
        os.replace(path, dest)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _move_to_other_disk(path, dest)


def _move_to_other_disk(path: str, dest: str) -> None:
    import shutil

    if os.path.isdir(path):
        _put_whole(lambda temporary: shutil.copytree(path, temporary, symlinks=True), dest)
        shutil.rmtree(path)
    else:
        _put_whole(lambda temporary: shutil.copy2(path, temporary, follow_symlinks=False), dest)
        os.unlink(path)


def _put_whole(make: Callable[[str], object], dest: str) -> None:
    """Let `make` fill a temporary name next to `dest`, then rename it there; nothing is left when either fails."""
    temporary = temporary_name(dest)
    try:
        make(temporary)
        os.replace(temporary, dest)
    except BaseException:
        if os.path.lexists(temporary):
            LocalFileSystem().remove(temporary)
        raise
