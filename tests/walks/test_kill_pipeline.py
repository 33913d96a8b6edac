"""`kill -9` in the middle of a pipeline: what exists is whole, and the next run finishes the job.

15 kills in the usual run of the tests; LUIGI_TEST_KILLS=200 for the long one.
"""

from __future__ import annotations

import gzip
import os
import random
import subprocess
import sys
from pathlib import Path

KILLS = int(os.environ.get("LUIGI_TEST_KILLS", "15"))
LEAVES, PARTS = 8, 3

PROGRAM = f"""
import os
import sys

import luigi
from luigi.format import Gzip


def lines(name):
    return [f"{{name}} line {{n}} {{'x' * 100}}\\n" for n in range(300)]


@luigi.Task.event_handler(luigi.Event.START)
def tell(task):
    print(task, flush=True)


class Leaf(luigi.Task):
    n = luigi.IntParameter()

    def output(self):
        return luigi.LocalTarget(f"out/leaf-{{self.n}}.txt")

    def run(self):
        with self.output().open("w") as out:
            for line in lines(f"leaf-{{self.n}}"):
                out.write(line)
                out.flush()


class Zipped(luigi.Task):
    n = luigi.IntParameter()

    def requires(self):
        return [Leaf(self.n), Leaf(self.n + 1)]

    def output(self):
        return luigi.LocalTarget(f"out/zipped-{{self.n}}.gz", format=Gzip)

    def run(self):
        with self.output().open("w") as out:
            for target in self.input():
                with target.open() as source:
                    for line in source:
                        out.write(line.encode())


class Folder(luigi.Task):
    def requires(self):
        return [Zipped(n) for n in range(0, {LEAVES}, 2)]

    def output(self):
        return luigi.LocalTarget("out/folder")

    def run(self):
        with self.output().temporary_path() as path:
            os.makedirs(path)
            for part in range({PARTS}):
                with open(os.path.join(path, f"part-{{part}}"), "w") as out:
                    for line in lines(f"part-{{part}}"):
                        out.write(line)
                        out.flush()


if __name__ == "__main__":
    done = luigi.build([Folder()], local_scheduler=True, log_level="ERROR")
    sys.exit(0 if done else 1)
"""


def lines(name: str) -> str:
    return "".join(f"{name} line {n} {'x' * 100}\n" for n in range(300))


def whole(name: str) -> dict[str, str]:
    """What the target `name` holds when it is whole: the files in it, or itself, and their texts."""
    kind, _, number = name.partition(".")[0].partition("-")
    if kind == "folder":
        return {f"part-{part}": lines(f"part-{part}") for part in range(PARTS)}
    if kind == "zipped":
        return {"": lines(f"leaf-{number}") + lines(f"leaf-{int(number) + 1}")}
    return {"": lines(name.removesuffix(".txt"))}


def found(path: Path) -> dict[str, str]:
    if path.is_dir():
        return {part.name: part.read_text() for part in path.iterdir()}
    if path.suffix == ".gz":
        return {"": gzip.decompress(path.read_bytes()).decode()}
    return {"": path.read_text()}


def targets(place: Path) -> set[str]:
    """The targets that exist. A name that nobody asks for may lie beside them after a kill."""
    expected = {f"leaf-{n}.txt" for n in range(LEAVES)} | {f"zipped-{n}.gz" for n in range(0, LEAVES, 2)} | {"folder"}
    return {path.name for path in place.glob("out/*") if path.name in expected}


def start(place: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "program.py"], cwd=place, stdout=subprocess.PIPE, text=True, errors="replace"
    )


def kill_somewhere(place: Path, chance: random.Random) -> bool:
    """Run the pipeline and kill it at a random moment of a random task; whether it had not ended by then."""
    with start(place) as process:
        assert process.stdout is not None
        for _ in range(chance.randint(1, 3)):
            process.stdout.readline()
        try:
            process.wait(timeout=chance.random() * 0.008)
        except subprocess.TimeoutExpired:
            process.kill()
            return True
        assert process.returncode == 0
        return False


def test_nothing_is_ever_half_there(tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    kills = rounds = 0
    while kills < KILLS:
        place = tmp_path / str(rounds)
        place.mkdir()
        (place / "program.py").write_text(PROGRAM)
        while kills < KILLS and kill_somewhere(place, chance):
            kills += 1
            for name in targets(place):
                assert found(place / "out" / name) == whole(name), f"{name} after kill {kills}, seed {seed}"
        finish(place)
        rounds += 1


def finish(place: Path) -> None:
    with start(place) as process:
        assert process.wait(timeout=60) == 0
    assert len(targets(place)) == LEAVES + LEAVES // 2 + 1
    for name in targets(place):
        assert found(place / "out" / name) == whole(name)


def test_a_half_written_target_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "leaf-1.txt").write_text(lines("leaf-1")[:-1])
    assert targets(tmp_path) == {"leaf-1.txt"}
    assert found(tmp_path / "out" / "leaf-1.txt") != whole("leaf-1.txt")
