"""Part of `FileSystemTargetContract`: names, sizes and moments in which files of a storage come to harm."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Collection
from typing import ClassVar

import pytest

from luigi.format import Nop
from luigi.testing.contracts.contract import only_where
from luigi.testing.contracts.file_systems import PathContract

NAMES = [
    "with space",
    " around ",
    "süß-日本-🙂",
    "100%",
    "a%20b%2Fc",
    "plus+and&equals=1",
    "hash#question?x=1",
    "quote'double\"back`tick",
    "$HOME;semi|pipe>",
    "-rf",
    "~tilde",
    "star*[class]{brace}",
    "two..dots.",
]
MIB = 1 << 20
PATIENCE = 60.0


class HardFilesContract(PathContract):
    """Names that shells and URLs would take for something else, size, death, and several at once."""

    unfit_names: ClassVar[Collection[str]] = ()
    """Those of NAMES that the storage itself cannot have."""
    survives_threads: ClassVar[bool] = True
    """False where a storage that is one connection cannot be used by two threads."""

    def names(self, root: str) -> list[str]:
        """Every file below `root`, to see that nothing is left lying about."""
        return sorted(self.make_target(root).fs.listdir(root))

    @pytest.mark.parametrize("name", NAMES)
    def test_a_name_means_itself(self, root: str, name: str) -> None:
        if name in self.unfit_names:
            with pytest.raises(Exception, match="."):  # rather than to write something else
                self.write(f"{root}/{name}/{name}", b"content")
            return
        path = f"{root}/{name}/{name}"
        with self.make_target(path).open("w") as stream:
            stream.write("content")
        target = self.make_target(path)
        assert target.exists()
        assert self.names(root) == [path]
        with target.open("r") as stream:
            assert stream.read() == "content"
        target.remove()
        assert not target.exists()

    def test_a_large_file_comes_back_as_it_was(self, root: str) -> None:
        target, written, read = self.make_target(f"{root}/large", format=Nop), hashlib.sha256(), hashlib.sha256()
        block = os.urandom(MIB)
        with target.open("w") as stream:
            for number in range(20):
                stream.write(number.to_bytes(2, "big") + block)
                written.update(number.to_bytes(2, "big") + block)
        with target.open("r") as stream:
            while some := stream.read(MIB):
                read.update(some)
        assert read.digest() == written.digest()

    def test_a_writer_that_is_killed_leaves_nothing_in_place(self, root: str) -> None:
        self._killed_while_writing(f"{root}/file")
        assert not self.make_target(f"{root}/file").exists()

    def test_a_writer_that_is_killed_leaves_what_was_there(self, root: str) -> None:
        self.write(f"{root}/file", b"first")
        self._killed_while_writing(f"{root}/file")
        assert self.read(f"{root}/file") == b"first"

    @only_where(survives_threads=True)
    def test_of_several_writers_one_is_the_last_and_whole(self, root: str) -> None:
        contents = [bytes([number]) * (MIB // 2) for number in range(4)]
        raised: list[BaseException] = []

        def write(content: bytes) -> None:
            try:
                self.write(f"{root}/file", content)
            except BaseException as error:
                raised.append(error)

        threads = [threading.Thread(target=write, args=(content,)) for content in contents]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not raised
        assert self.read(f"{root}/file") in contents

    def _killed_while_writing(self, path: str) -> None:
        process = multiprocessing.get_context("fork").Process(target=self._write_and_die, args=(path,))
        process.start()
        process.join(PATIENCE)
        assert process.exitcode == -signal.SIGKILL

    def _write_and_die(self, path: str) -> None:
        stream = self.make_target(path, format=Nop).open("w")
        stream.write(b"half " * MIB)
        stream.flush()
        os.kill(os.getpid(), signal.SIGKILL)
