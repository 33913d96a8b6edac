"""Nothing is loaded on the other machine but what was written for the job."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import luigi
from luigi.contrib._travel import archive, luggage, parcel, runner
from luigi.contrib._travel.members import Member
from luigi.contrib._travel.sealed import SealBroken

if TYPE_CHECKING:
    from conftest import Sender

JOB = """
    import luigi, os, time

    class Job(luigi.Task):
        how = luigi.Parameter()

        def work(self, *arguments):
            if self.how == "fail":
                raise ValueError("no such word: été")
            if self.how == "wait":
                print(os.path.dirname(os.path.dirname(luigi.__file__)), flush=True)
                time.sleep(60)
            print(arguments)
            return 3
"""


class Travelled(luigi.Task):
    """Knows its number."""

    number = luigi.IntParameter()


class Bomb:
    """Writes a file when it is unpickled."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> object:
        return open, (self.path, "w")


def start(how: str, arguments: tuple[str, ...] = ()) -> dict[str, str]:
    sending = f"from sending import send\nfrom job import Job\nsend(Job({how!r}), arguments={arguments})"
    return {"job.py": JOB, "start.py": sending}


def test_a_task_comes_back_from_its_file(tmp_path: Path) -> None:
    written = parcel.write(Travelled(number=3), tmp_path)
    assert written.path == str(tmp_path / "job-instance.pickle")
    assert parcel.read(*written) == Travelled(number=3)
    assert parcel.read(*written).number == 3


def test_the_protocol_can_be_chosen() -> None:
    assert parcel.pack(Travelled(number=3), 2).content.startswith(b"\x80\x02")


def test_whoever_listens_to_the_task_stays_at_home(tmp_path: Path) -> None:
    task = Travelled(number=4)
    task.__dict__["_reporter"] = open(os.devnull)
    written = parcel.write(task, tmp_path)
    task.__dict__.pop("_reporter").close()
    assert "_reporter" not in vars(parcel.read(*written))


def test_a_parcel_that_is_another_is_not_opened(tmp_path: Path) -> None:
    written = parcel.write(Travelled(number=3), tmp_path)
    Path(written.path).write_bytes(pickle.dumps(Bomb(str(tmp_path / "went-off"))))
    with pytest.raises(SealBroken, match=r"job-instance.pickle is not the file that was written for this job"):
        parcel.read(*written)
    assert not (tmp_path / "went-off").exists()


def test_a_file_that_somebody_put_there_before_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / parcel.NAME).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        parcel.write(Travelled(number=3), tmp_path)
    assert not (tmp_path / "elsewhere").exists()


def test_the_files_are_their_users_alone(tmp_path: Path) -> None:
    packed = luggage.pack(luigi.WrapperTask(), tmp_path)
    assert [os.stat(path).st_mode & 0o777 for path in packed.files()] == [0o600] * 3


def test_the_files_may_be_elsewhere_then(tmp_path: Path) -> None:
    packed = luggage.pack(luigi.WrapperTask(), tmp_path)
    (a, p) = packed.archive.digest, packed.parcel.digest
    for folder, before in [("", ""), ("/there", "/there/")]:
        assert packed.command("python3", "goal", "-x", folder=folder) == [
            *["python3", f"{before}luigi_runner.py", f"{before}packages.zip", a],
            *["goal", f"{before}job-instance.pickle", p, "-x"],
        ]


def test_the_same_code_is_the_same_archive(tmp_path: Path) -> None:
    files = [Member("a.py", b"1"), Member("b/c.py", b"2")]
    assert archive.zipped(files) == archive.zipped(reversed(files))
    assert archive.zipped([*files, Member("a.py", b"shadowed")]) == archive.zipped(files)
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one, two = archive.write(["pytest"], tmp_path / "one"), archive.write(["pytest"], tmp_path / "two")
    assert one.digest == two.digest


def test_an_archive_that_is_another_is_not_opened(sender: Sender) -> None:
    sender.write(start("work"))
    command = sender.send("start.py")
    with open(command[2], "ab") as file:
        file.write(b"\0")
    ran = sender.arrive(command)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == f"luigi: {command[2]} is not the file that was written for this job: its SHA-256 is another\n"


def test_arguments_arrive_as_they_were_and_the_exit_code_goes_back(sender: Sender) -> None:
    arguments = ("-c", "a b", "$HOME;'\"", "two\nlines")
    sender.write(start("work", arguments))
    ran = sender.arrive(sender.send("start.py"))
    assert (ran.returncode, ran.stdout) == (3, f"{arguments}\n")


def test_an_error_is_told_by_its_traceback(sender: Sender) -> None:
    sender.write(start("fail"))
    ran = sender.arrive(sender.send("start.py"))
    assert ran.returncode == 1
    assert 'job.py", line 8, in work\n    raise ValueError("no such word: ' in ran.stderr
    assert ran.stderr.splitlines()[-1] in {"ValueError: no such word: été", r"ValueError: no such word: \xe9t\xe9"}


def test_a_job_that_is_ended_leaves_nothing_behind(sender: Sender) -> None:
    sender.write(start("wait"))
    command = [sys.executable, *sender.send("start.py")[1:]]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        folder = Path(process.stdout.readline().strip())
        assert (folder / "luigi" / "task").is_dir()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 128 + signal.SIGTERM
    assert not folder.exists()


def test_a_python_that_is_too_old_is_told_so(sender: Sender) -> None:
    sender.write(start("work"))
    command = sender.send("start.py")
    code = Path(command[1]).read_text()
    Path(command[1]).write_text(code.replace("NEEDED = (3, 11)", "NEEDED = (9, 3)"))
    ran = sender.arrive(command)
    assert ran.returncode == 1
    assert "this job needs 9.3 or later" in ran.stderr


def test_the_python_that_is_needed_is_the_one_of_this_distribution() -> None:
    needed = ".".join(map(str, runner.NEEDED))
    assert metadata.metadata("luigi-kernel")["Requires-Python"] == f">={needed}"
