"""Another machine's files by ssh: names of every kind, nothing half-written, and what a lost connection means."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.clock import SYSTEM
from luigi.contrib._ssh import scripts
from luigi.contrib.ssh import AtomicRemoteFileWriter, NoAnswer, RemoteCalledProcessError, RemoteFileSystem, RemoteTarget
from luigi.format import Nop
from luigi.target import FileAlreadyExists, InvalidMode, MissingParentDirectory, NotADirectory
from luigi.testing import run_task

pytestmark = [pytest.mark.service("ssh"), pytest.mark.usefixtures("one_connection")]
ODD = ["a b", "süß", "it's", 'say "x"', "*", "$(touch gone)", "`id`", "a;b", "a\nb", "-rf", "~", "back\\slash", "%20#?"]


@pytest.fixture
def login(ssh_service: Any) -> dict[str, Any]:
    return ssh_service.login


@pytest.fixture
def commands(one_connection: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with a line for every command that goes to the other machine."""
    log, folder = tmp_path / "commands", tmp_path / "bin"
    log.touch()
    in_place_of_ssh(folder, f'echo >> "{log}"; exec {shutil.which("ssh")} "$@"', monkeypatch)
    return log


def in_place_of_ssh(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program ssh that stands in for one whose connection behaves badly, or is counted."""
    folder.mkdir()
    (folder / "ssh").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


# --- times ---------------------------------------------------------------------------------------------------------


def test_when_something_was_written(machine: RemoteFileSystem, root: Path) -> None:
    (root / "-deep er").mkdir()
    for at, name in ((1_000_000_000, "a"), (1_000_000_007, "-deep er/b"), (1_000_000_003, "c")):
        (root / name).touch()
        os.utime(root / name, (at, at))
    (root / "link").symlink_to("a")
    os.utime(root / "-deep er", (1_000_000_001, 1_000_000_001))
    assert machine.modified_at(f"{root}/a") == machine.modified_at(f"{root}/link") == 1_000_000_000
    assert machine.modified_at(f"{root}/-deep er") == 1_000_000_007
    assert machine.modified_at(str(root)) == int(root.stat().st_mtime)
    assert machine.modified_at(f"{root}/missing") is None


def test_a_machine_that_does_not_tell_when(machine: RemoteFileSystem, root: Path) -> None:
    """One without a program stat, which is no part of POSIX."""
    (root / "a").touch()
    script = scripts.modified(str(root)).replace("stat ", "no-such-stat ")
    assert subprocess.run(["sh", "-c", script], capture_output=True, check=True).stdout == b""


# --- names -----------------------------------------------------------------------------------------------------------


def test_a_name_is_taken_as_it_is(machine: RemoteFileSystem, root: Path) -> None:
    for name in ODD:
        (root / f"{name}-before").touch()
        machine.move(f"{root}/{name}-before", f"{root}/{name}")
    paths = {f"{root}/{name}" for name in ODD}
    assert set(machine.listdir(str(root))) == paths == set(map(str, root.iterdir()))
    assert machine.exists_many([*paths, f"{root}/b"]) == paths
    assert not machine.exists(f"{root}/?")
    machine.remove(f"{root}/*")
    assert len(list(root.iterdir())) == len(ODD) - 1


def test_a_path_without_a_slash_is_in_the_users_folder(machine: RemoteFileSystem, root: Path) -> None:
    home = machine.remote_context.check_output(["pwd"]).decode().strip()
    relative = os.path.relpath(root, home)
    (root / "file").touch()
    assert machine.exists(f"{relative}/file")
    assert machine.exists(f"~/{relative}/file")
    assert list(machine.listdir(f"~/{relative}")) == [f"~/{relative}/file"]
    assert not machine.exists("-not-there")


# --- verbs -----------------------------------------------------------------------------------------------------------


def test_many_are_asked_for_at_once(machine: RemoteFileSystem, root: Path, commands: Path) -> None:
    (root / "7").touch()
    assert machine.exists_many(f"{root}/{number}" for number in range(5000)) == {f"{root}/7"}
    assert len(commands.read_text()) == 1


def test_mkdir(machine: RemoteFileSystem, root: Path) -> None:
    (root / "file").touch()
    with pytest.raises(NotADirectory):
        machine.mkdir(f"{root}/file")
    with pytest.raises(MissingParentDirectory, match="absent"):
        machine.mkdir(f"{root}/absent/folder", parents=False)
    machine.mkdir(f"{root}/folder", parents=False)
    assert machine.isdir(f"{root}/folder/")


def test_removing_what_is_missing(machine: RemoteFileSystem, root: Path) -> None:
    with pytest.raises(RemoteCalledProcessError, match="No such file"):
        machine.remove(f"{root}/missing")


def test_a_directory_is_not_replaced(machine: RemoteFileSystem, root: Path, tmp_path: Path) -> None:
    (root / "folder").mkdir()
    (tmp_path / "file").touch()
    for bring in (machine.put, machine.move):
        with pytest.raises(FileAlreadyExists):
            bring(str(tmp_path / "file"), f"{root}/folder")
    assert list(root.rglob("*")) == [root / "folder"]


def test_of_many_who_rename_one_wins(machine: RemoteFileSystem, root: Path) -> None:
    names = [f"{root}/{number}" for number in range(6)]
    for name in names:
        Path(name).write_text(name)

    def rename(name: str) -> bool:
        try:
            machine.rename_dont_move(name, f"{root}/taken")
        except FileAlreadyExists:
            return False
        return True

    with ThreadPoolExecutor(len(names)) as pool:
        won = list(pool.map(rename, names))
    assert won.count(True) == 1
    assert (root / "taken").read_text() == names[won.index(True)]
    assert sum(Path(name).exists() for name in names) == len(names) - 1


def test_directories_are_copied_into_directories(machine: RemoteFileSystem, root: Path) -> None:
    (root / "old").mkdir()
    (root / "old" / "file").write_text("content")
    (root / "into").mkdir()
    machine.copy(f"{root}/old", f"{root}/into/")
    assert (root / "into" / "old" / "file").read_text() == "content"


def test_bringing_and_fetching(login: dict[str, Any], root: Path, tmp_path: Path) -> None:
    content = bytes(range(256)) * 20_000
    (tmp_path / "file").write_bytes(content)
    target = RemoteTarget(f"{root}/new/file", "127.0.0.1", **login)
    target.put(str(tmp_path / "file"))
    assert (root / "new" / "file").read_bytes() == content
    target.get(str(tmp_path / "folder" / "again"))
    assert (tmp_path / "folder" / "again").read_bytes() == content
    assert [path.name for path in root.rglob("*")] == ["new", "file"]


def test_fetching_what_is_missing(machine: RemoteFileSystem, root: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=f"there is nothing at {root}/missing on 127.0.0.1"):
        machine.get(f"{root}/missing", str(tmp_path / "file"))
    with pytest.raises(RemoteCalledProcessError, match="Is a directory"):
        machine.get(str(root), str(tmp_path / "file"))
    assert list(tmp_path.iterdir()) == []


# --- streams ---------------------------------------------------------------------------------------------------------


def test_reading_may_end_early(login: dict[str, Any], root: Path) -> None:
    (root / "file").write_bytes(b"line\n" * 2_000_000)
    with RemoteTarget(f"{root}/file", "127.0.0.1", format=Nop, **login).open() as stream:
        assert stream.readline() == b"line\n"


def test_a_lost_connection_is_no_end_of_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_place_of_ssh(
        tmp_path / "bin", "printf '%s\\n\\nfirst line\\n' '--- luigi ---'; echo lost >&2; exit 255", monkeypatch
    )
    stream = RemoteTarget("/file", "host").open()
    with pytest.raises(RemoteCalledProcessError, match="no connection to host by ssh: lost"):
        list(stream)


def test_a_shell_that_says_more_than_it_is_asked(
    machine: RemoteFileSystem, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_place_of_ssh(tmp_path / "bin", f'echo "Welcome: file"; exec {shutil.which("ssh")} "$@"', monkeypatch)
    (root / "file").write_text("content")
    assert machine.exists_many([f"{root}/file", f"{root}/missing"]) == {f"{root}/file"}
    assert not machine.exists(f"{root}/missing")
    assert list(machine.listdir(str(root))) == [f"{root}/file"]
    with machine.open_read(f"{root}/file") as stream:
        assert stream.read() == b"content"


def test_a_machine_that_does_something_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_place_of_ssh(tmp_path / "bin", "echo This account is for backups.", monkeypatch)
    target = RemoteTarget("/file", "host")
    for ask in (target.exists, target.open, lambda: target.fs.exists_many(["/file"])):
        with pytest.raises(NoAnswer, match="host does not run the commands") as caught:
            ask()
        assert "ssh host echo here" in caught.value.hint


def test_a_connection_lost_while_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_place_of_ssh(tmp_path / "bin", "head -c 100 > /dev/null; exit 255", monkeypatch)
    target = RemoteTarget("/file", "host", format=Nop)
    with pytest.raises(RemoteCalledProcessError, match="no connection to host"), target.open("w") as stream:
        for _ in range(100):
            stream.write(b"content" * 10_000)
    with pytest.raises(RemoteCalledProcessError, match="no connection to host"), target.open("w") as stream:
        stream.write(b"content")


def test_a_place_that_cannot_be_written(login: dict[str, Any], root: Path) -> None:
    (root / "file").touch()
    with pytest.raises(RemoteCalledProcessError), RemoteTarget(f"{root}/file/in", "127.0.0.1", **login).open("w"):
        pass
    assert list(root.iterdir()) == [root / "file"]


def test_a_writer_that_is_killed_leaves_nothing(login: dict[str, Any], root: Path) -> None:
    code = "import sys; from luigi.contrib.ssh import RemoteTarget; "
    code += f"s = RemoteTarget({f'{root}/file'!r}, '127.0.0.1', **{login!r}).open('w'); "
    code += "s.write('content' * 50_000); s.flush(); print('written', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"written\n"
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    SYSTEM.sleep(0.5)  # in which a command there that still ran would come to its end
    assert not (root / "file").exists()


def test_a_forked_child_leaves_the_writer_alone(machine: RemoteFileSystem, root: Path) -> None:
    stream = AtomicRemoteFileWriter(machine, f"{root}/file")
    stream.write(b"content")
    child = os.fork()
    if not child:
        try:
            stream.abort()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert (stream.path, stream.fs) == (f"{root}/file", machine)
    stream.close()
    assert (root / "file").read_bytes() == b"content"
    assert not Path(stream.tmp_path).exists()


@pytest.mark.parametrize("mode", ["a", "rt", "", "r+"])
def test_modes(login: dict[str, Any], mode: str) -> None:
    with pytest.raises(InvalidMode):
        RemoteTarget("/file", "127.0.0.1", **login).open(mode)


# --- pipelines -------------------------------------------------------------------------------------------------------


class RemoteSum(luigi.Task):
    """Adds the numbers of a file of another machine."""

    folder = luigi.Parameter()
    login = luigi.DictParameter(significant=False)

    def output(self) -> RemoteTarget:
        return RemoteTarget(f"{self.folder}/sum", "127.0.0.1", **self.login)

    def run(self) -> None:
        numbers = RemoteTarget(f"{self.folder}/numbers", "127.0.0.1", **self.login)
        with numbers.open() as lines, self.output().open("w") as total:
            total.write(str(sum(map(int, lines))))


def test_a_pipeline(login: dict[str, Any], root: Path) -> None:
    (root / "numbers").write_text("1\n2\n3\n")
    assert run_task(RemoteSum(str(root), login=login)).complete()
    assert (root / "sum").read_text() == "6"


def test_a_pipeline_in_processes(login: dict[str, Any], root: Path) -> None:
    for name in "ab":
        (root / name).mkdir()
        (root / name / "numbers").write_text("1\n2\n3\n")
    tasks = [RemoteSum(f"{root}/{name}", login=login) for name in "ab"]
    assert luigi.build(tasks, local_scheduler=True, workers=2, log_level="CRITICAL")
    assert [(root / name / "sum").read_text() for name in "ab"] == ["6", "6"]


def test_a_target_travels(login: dict[str, Any], root: Path) -> None:
    (root / "file").touch()
    assert pickle.loads(pickle.dumps(RemoteTarget(f"{root}/file", "127.0.0.1", **login))).exists()
