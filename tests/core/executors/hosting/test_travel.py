"""How tasks travel: by name where their module is there and the same, else by value."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import luigi
from luigi.executors.frames import CannotTravel
from luigi.executors.hosting.travel import OtherModule, Packing, digest, is_own, opened, own_modules, sources

SOURCE = """
import enum, luigi
from luigi.parameter import ParameterVisibility

class Colour{name}(enum.Enum):
    RED = 1

class Travels{name}(luigi.Task):
    colour = luigi.EnumParameter(enum=Colour{name})
    word = luigi.Parameter(default="w", visibility=ParameterVisibility.PRIVATE)

    def run(self):
        return helped(self.word)

def helped(word):
    return "helped " + word
"""

OPEN = "import sys; from luigi.executors.hosting.travel import opened; t = opened(sys.stdin.buffer.read()); "
SHOW = "print(t.task_id, t.run(), t.colour.name, type(t).__module__)"


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    def module(name: str) -> ModuleType:
        (tmp_path / f"travel_of_{name}.py").write_text(SOURCE.format(name=name))
        monkeypatch.syspath_prepend(str(tmp_path))
        return import_module(f"travel_of_{name}")

    return module


def there(content: bytes, *folders: Path) -> subprocess.CompletedProcess[bytes]:
    """Open it in a process that has only these folders' modules."""
    environment = {"PYTHONPATH": ":".join(map(str, folders))}
    command = [sys.executable, "-c", OPEN + SHOW]
    return subprocess.run(command, input=content, capture_output=True, env=environment, check=False)


def test_by_name_with_all_its_values(module: Callable[[str], ModuleType], tmp_path: Path) -> None:
    made = module("names")
    task = made.Travelsnames(colour=made.Colournames.RED, word="secret")
    content = Packing().pack(task)
    assert b"helped" not in content
    assert there(content, tmp_path).stdout.split() == [
        task.task_id.encode(),
        b"helped",
        b"secret",
        b"RED",
        b"travel_of_names",
    ]


def test_by_value_where_the_module_is_missing(module: Callable[[str], ModuleType], tmp_path: Path) -> None:
    made = module("values")
    task = made.Travelsvalues(colour=made.Colourvalues.RED)
    packing = Packing()
    refused = there(packing.pack(task))
    assert b"ModuleNotFoundError: there is no module travel_of_values" in refused.stderr
    assert packing.send_by_value(task, "travel_of_values")
    assert there(packing.pack(task)).stdout.startswith(f"{task.task_id} helped w RED travel_of_values".encode())
    assert not packing.send_by_value(task, "travel_of_values"), "that was all that can be done"


def test_another_source_of_that_name_is_not_taken(module: Callable[[str], ModuleType], tmp_path: Path) -> None:
    made = module("sources")
    other = tmp_path / "other"
    other.mkdir()
    (other / "travel_of_sources.py").write_text("raise AssertionError('imported')")
    packing, task = Packing(), made.Travelssources(colour=made.Coloursources.RED)
    refused = there(packing.pack(task), other)
    assert b"OtherModule: the module travel_of_sources in" in refused.stderr
    assert packing.send_by_value(task, "travel_of_sources")
    assert there(packing.pack(task), other).returncode == 0


def test_what_is_installed_is_never_sent(module: Callable[[str], ModuleType]) -> None:
    made = module("installed")
    task = made.Travelsinstalled(colour=made.Colourinstalled.RED)
    assert not Packing().send_by_value(task, "pytest")
    assert own_modules(type(task)) == ("travel_of_installed",)
    assert not any(map(is_own, ["pytest", "json", "luigi.task", "builtins"]))


def test_what_can_travel_in_no_way_says_so() -> None:
    class Stuck(luigi.Task):
        pass

    task = Stuck()
    task.__dict__["stream"] = sys.stdout.buffer
    with pytest.raises(CannotTravel, match="Stuck"):
        Packing().pack(task)


def test_digests(module: Callable[[str], ModuleType], tmp_path: Path) -> None:
    module("digests")
    assert len(digest("travel_of_digests")) == 64
    assert digest("sys") == ""
    assert str(tmp_path) in list(sources())
    assert not [folder for folder in sources() if "site-packages" in folder]


def test_it_is_an_import_error_that_names_the_module() -> None:
    assert issubclass(OtherModule, ImportError)
    with pytest.raises(ImportError) as error:
        opened(__import__("pickle").dumps(((("no_such_module_anywhere", ""),), b"")))
    assert error.value.name == "no_such_module_anywhere"
