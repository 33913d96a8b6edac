"""Stands in for LSF's bsub, bjobs and bkill: takes the options that ours give, and runs jobs in the background here."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from argparse import REMAINDER, ArgumentParser
from pathlib import Path

JOBS = Path(os.environ["LSF_STAND_IN"])
KNOWN_QUEUES = {"queue_name", "long"}


def bsub(words: list[str]) -> None:
    parser = ArgumentParser(allow_abbrev=False)
    for option in ("-q", "-M", "-R", "-J", "-P"):
        parser.add_argument(option)
    parser.add_argument("-n", type=int)
    parser.add_argument("-W", type=int)
    parser.add_argument("-o", required=True)
    parser.add_argument("-e", required=True)
    parser.add_argument("command", nargs=REMAINDER)
    wanted = parser.parse_args(words)
    if wanted.q not in KNOWN_QUEUES:
        sys.exit(f"{wanted.q}: No such queue. Job not submitted.")
    number = len(list(JOBS.iterdir())) + 1
    job = JOBS / str(number)
    job.mkdir()
    (job / "words").write_text("\n".join(words))
    (job / "stat").write_text("PEND")
    # As LSF does, it has a shell read what it is to run.
    watch = [sys.executable, __file__, "watch", str(job), wanted.o, wanted.e, " ".join(wanted.command)]
    subprocess.Popen(watch, env={**os.environ, "LSB_JOBID": str(number)}, start_new_session=True, **NOWHERE)
    print(f"Job <{number}> is submitted to queue <{wanted.q}>.")


NOWHERE = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def watch(words: list[str]) -> None:
    job, out, err, command = Path(words[0]), *words[1:]
    with open(out, "ab") as stdout, open(err, "ab") as stderr:
        process = subprocess.Popen(command, shell=True, start_new_session=True, stdout=stdout, stderr=stderr)
        (job / "group").write_text(str(process.pid))
        (job / "stat").write_text("RUN")
        code = process.wait()
    (job / "stat").write_text("DONE" if code == 0 else "EXIT")


def bjobs(words: list[str]) -> None:
    *options, number = words
    assert options == ["-noheader", "-o", "stat"]
    if not (JOBS / number).exists():
        sys.exit(f"Job <{number}> is not found")
    print((JOBS / number / "stat").read_text())


def bkill(words: list[str]) -> None:
    (number,) = words
    if not (JOBS / number).exists():
        sys.exit(f"Job <{number}>: No matching job found")
    if (JOBS / number / "stat").read_text() in {"DONE", "EXIT"}:
        sys.exit(f"Job <{number}>: Job has already finished")
    os.killpg(int((JOBS / number / "group").read_text()), signal.SIGKILL)
    print(f"Job <{number}> is being terminated")


if __name__ == "__main__":
    name, *words = sys.argv[1:]
    {"bsub": bsub, "bjobs": bjobs, "bkill": bkill, "watch": watch}[name](words)
