"""Stands in for the commands of a Hadoop cluster, `hadoop`, `mapred` and `yarn`: there is no streaming jar to be had.

It takes what they take, and refuses the rest. A streaming job really runs, by streaming's protocol: each mapper and
reducer is a process in a folder of its own, with the files of -files and -archives and nothing else. As on a cluster,
the job goes on when the command is killed, until `-kill`. HDFS is the folder STAND_IN/hdfs, what is known of jobs is in
STAND_IN/jobs, and STAND_IN/calls has all command lines. A jar that is not streaming's is a Python program. With
STAND_IN_FS, the `hadoop` command of a real HDFS, jobs read and write that.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zlib
from pathlib import Path
from urllib.parse import unquote, urlsplit

HOME = Path(os.environ["STAND_IN"])
HDFS = HOME / "hdfs"
JOBS = HOME / "jobs"
REAL = os.environ.get("STAND_IN_FS")
GENERIC = {"-libjars", "-archives", "-files", "-D"}
OPTIONS = {"-mapper", "-combiner", "-reducer", "-input", "-output", "-inputformat", "-outputformat"}


def main(program: str, arguments: list[str]) -> int:
    with (HOME / "calls").open("a") as calls:
        print(json.dumps([program, *arguments]), file=calls)
    if program == "hadoop" and arguments[0] == "fs":
        return getattr(Fs(), arguments[1].lstrip("-"))(*arguments[2:])
    if program == "hadoop" and arguments[0] == "jar":
        return follow(arguments[1:])
    if program in {"mapred", "yarn"} and arguments[1] == "-kill":
        return kill(arguments[2].partition("_")[2])
    return refuse(f"no such command: {program} {arguments}")


def refuse(why: str) -> int:
    print(f"ERROR streaming.StreamJob: {why}", file=sys.stderr)
    return 1


def place(path: str) -> Path:
    return HDFS / urlsplit(path).path.lstrip("/")


def fetch(path: str) -> None:
    """With a real HDFS, have what is there here, too."""
    if REAL:
        place(path).parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([REAL, "fs", "-get", path, place(path)], check=False)


def store(path: str) -> None:
    """With a real HDFS, put what is here there, too."""
    if REAL:
        subprocess.run([REAL, "fs", "-put", place(path), path], check=True)


class Fs:
    """The verbs of `hadoop fs` that a job's task needs."""

    def stat(self, path: str) -> int:
        return 0 if place(path).exists() else self._missing("stat", path)

    def test(self, what: str, path: str) -> int:
        return 0 if {"-d": Path.is_dir, "-e": Path.exists}[what](place(path)) else 1

    def mkdir(self, *words: str) -> int:
        place(words[-1]).mkdir(parents="-p" in words, exist_ok="-p" in words)
        return 0

    def mv(self, source: str, destination: str) -> int:
        if not place(destination).parent.is_dir():
            return self._missing("mv", destination)
        shutil.move(place(source), place(destination))
        return 0

    def rm(self, *words: str) -> int:
        for path in (place(word) for word in words if not word.startswith("-")):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        return 0

    def put(self, source: str, destination: str) -> int:
        place(destination).write_bytes(sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes())
        return 0

    def get(self, source: str, destination: str) -> int:
        shutil.copy(place(source), destination)
        return 0

    def cat(self, path: str) -> int:
        found = sorted(place("/").glob(path.lstrip("/")))
        sys.stdout.buffer.write(b"".join(one.read_bytes() for one in found))
        return 0 if found else self._missing("cat", path)

    def _missing(self, verb: str, path: str) -> int:
        print(f"{verb}: `{path}': No such file or directory", file=sys.stderr)
        return 1


def follow(arguments: list[str]) -> int:
    """Start the job in a process that nobody takes along, and print what it prints until it has ended."""
    number = f"{time.time_ns() // 1000}_{os.getpid():04}"
    folder = JOBS / number
    folder.mkdir(parents=True)
    with (folder / "log").open("wb") as log:
        command = [sys.executable, "-I", "-S", __file__, "the-job", number, *arguments]
        job = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    (folder / "pid").write_text(str(job.pid))
    with (folder / "log").open("rb") as log:
        while True:
            ended = job.poll() is not None
            printed = log.read()
            sys.stderr.buffer.write(printed)
            sys.stderr.flush()
            if b"Running job" in printed:
                (folder / "told").touch()  # tests that find it may end us: it is printed what else is to be ended
            if ended:
                return job.returncode
            time.sleep(0.02)


def kill(number: str) -> int:
    try:
        os.killpg(int((JOBS / number / "pid").read_text()), signal.SIGKILL)
    except ProcessLookupError:
        print(f"Application application_{number} has already finished")
    return 0


def the_job(number: str, jar: str, *words: str) -> int:
    try:
        job = Streaming(number, list(words)) if "streaming" in jar else None
    except Refused as error:
        return refuse(str(error))
    say(f"impl.YarnClientImpl: Submitted application application_{number}")
    base = os.environ.get("STAND_IN_TRACKING", "http://127.0.0.1:9")
    say(f"mapreduce.Job: The url to track the job: {base}/proxy/application_{number}/")
    say(f"mapreduce.Job: Running job: job_{number}")
    if job is None:
        env = {**os.environ, "HDFS": str(HDFS), "JOB": str(JOBS / number)}
        return subprocess.run([sys.executable, jar, *words], env=env, check=False).returncode
    try:
        job.run()
    except Failed as error:
        say(f"mapreduce.Job: Task Id : {error}, Status : FAILED")
        say("Error: java.lang.RuntimeException: PipeMapRed.waitOutputThreads(): subprocess failed with code 1")
        say(f"mapreduce.Job: Job job_{number} failed with state FAILED due to: Task failed")
        return refuse("Job not successful!")
    say(f"mapreduce.Job: Job job_{number} completed successfully")
    return 0


def say(text: str) -> None:
    print(f"22/11/26 19:00:00 INFO {text}", flush=True)


class Refused(Exception):
    """An argument is not one that streaming takes."""


class Failed(Exception):
    """A task of the job ended with another exit code than 0: the attempt's id."""


class Streaming:
    """A job."""

    def __init__(self, number: str, words: list[str]) -> None:
        self.number = number
        self.folder = JOBS / number
        self.settings: dict[str, str] = {}
        self.files: list[tuple[Path, str]] = []
        self.archives: list[tuple[Path, str]] = []
        self.given: dict[str, list[str]] = {}
        self.counters: dict[str, int] = {}
        self.tasks = 0
        self._read(words)

    def _read(self, words: list[str]) -> None:
        while words and words[0] in GENERIC:
            self._generic(words.pop(0), words.pop(0))
        while words:
            option = words.pop(0)
            if option == "-verbose":
                continue
            if option not in OPTIONS:
                raise Refused(f"Unrecognized option: {option}")
            self.given.setdefault(option, []).append(words.pop(0))
        if missing := {"-mapper", "-input", "-output"} - set(self.given):
            raise Refused(f"Missing required options: {missing}")
        (self.output,) = (place(path) for path in self.given["-output"])
        if self.output.exists():
            raise Refused(f"Output directory {self.output} already exists")
        for given in self.given["-input"]:
            fetch(given)
        self.inputs = [path for given in self.given["-input"] for path in self._of(given)]
        self.reducers = int(self.settings.get("mapred.reduce.tasks", 1))
        if self.reducers and "-reducer" not in self.given:
            raise Refused("there are reduce tasks and no reducer")

    def _generic(self, option: str, value: str) -> None:
        if option == "-D":
            name, _, text = value.partition("=")
            self.settings[name] = text
            return
        for one in value.split(","):
            url = urlsplit(one)
            path = Path(unquote(url.path))
            if not path.is_file() or url.scheme not in {"", "file"}:
                raise Refused(f"File {one} does not exist.")
            if option != "-libjars":
                kept = self.files if option == "-files" else self.archives
                kept.append((path, unquote(url.fragment) or path.name))

    def _of(self, given: str) -> list[Path]:
        path = place(given)
        if not path.exists():
            raise Refused(f"Input path does not exist: hdfs://stand-in{given}")
        if path.is_file():
            return [path]
        return sorted(one for one in path.iterdir() if one.is_file() and not one.name.startswith(("_", ".")))

    def run(self) -> None:
        parts: list[list[bytes]] = [[] for _ in range(self.reducers)]
        written = self.folder / "output"
        written.mkdir()
        say("mapreduce.Job:  map 0% reduce 0%")
        for number, path in enumerate(self.inputs):
            lines = self._task("-mapper", "m", path.read_bytes())
            if not self.reducers:
                (written / f"part-{number:05}").write_bytes(lines)
                continue
            mapped: list[list[bytes]] = [[] for _ in range(self.reducers)]
            for line in lines.splitlines(keepends=True):
                mapped[zlib.crc32(key(line)) % self.reducers].append(line)
            for part, some in zip(parts, mapped, strict=True):
                part += self._combined(sorted(some, key=key))
        say("mapreduce.Job:  map 100% reduce 0%")
        for number, part in enumerate(parts):
            reduced = self._task("-reducer", "r", b"".join(sorted(part, key=key)))
            (written / f"part-{number:05}").write_bytes(reduced)
        say("mapreduce.Job:  map 100% reduce 100%")
        for name, count in sorted(self.counters.items()):
            say(f"mapreduce.Job: Counter {name}={count}")
        (written / "_SUCCESS").touch()
        self.output.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(written, self.output)
        store(self.given["-output"][0])

    def _combined(self, lines: list[bytes]) -> list[bytes]:
        if "-combiner" not in self.given or not lines:
            return lines
        return self._task("-combiner", "m", b"".join(lines)).splitlines(keepends=True)

    def _task(self, option: str, kind: str, stdin: bytes) -> bytes:
        """Run a process as a task, in its own folder; gives what it printed."""
        self.tasks += 1
        task = f"task_{self.number}_{kind}_{self.tasks:06}"
        folder = self.folder / task
        folder.mkdir()
        for path, name in self.files:
            (folder / name).symlink_to(path)
        for path, name in self.archives:
            shutil.unpack_archive(path, folder / name)
        (command,) = self.given[option]
        env = {name.replace(".", "_"): text for name, text in self.settings.items()}
        ran = subprocess.run(
            command.split(),
            input=stdin,
            cwd=folder,
            env={**env, "PATH": os.environ["PATH"], "TMPDIR": str(folder)},
            capture_output=True,
            check=False,
        )
        self._hear(ran.stderr)
        (folder / "stderr").write_bytes(ran.stderr)
        if ran.returncode:
            (self.folder / "failed").write_text(task)
            raise Failed(f"{task.replace('task', 'attempt')}_0")
        return ran.stdout

    def _hear(self, stderr: bytes) -> None:
        for line in stderr.decode().splitlines():
            if line.startswith("reporter:counter:"):
                name, _, count = line.removeprefix("reporter:counter:").rpartition(",")
                self.counters[name] = self.counters.get(name, 0) + int(count)


def key(line: bytes) -> bytes:
    return line.rstrip(b"\n").partition(b"\t")[0]


if __name__ == "__main__":
    if sys.argv[1] == "the-job":
        sys.exit(the_job(*sys.argv[2:]))
    sys.exit(main(sys.argv[1], sys.argv[2:]))
