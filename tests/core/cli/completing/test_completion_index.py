"""What was learned is kept until it changes, and an answer from it comes at once."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

Offered = Callable[..., list[str]]

LIMIT = 0.15
"""Seconds between Tab and the answer."""


def entries(shell: Any) -> list[Path]:
    return sorted((shell.directory / "cache" / "luigi" / "completion").iterdir())


def changed(shell: Any, name: str, text: str) -> None:
    """A file with another time, however fast the test is."""
    shell.write(name, text)
    os.utime(shell.directory / name, ns=(1, 1))


def children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_a_module_is_imported_once(shop: Any, offered: Offered, offered_in_time: Offered) -> None:
    shop.write("counted.py", "open('imports', 'a').write('x')\nimport luigi\n\nclass Count(luigi.Task):\n    pass\n")
    assert offered_in_time(shop, ["counted:Count"], "run", "counted:") == ["counted:Count"]
    imports = (shop.directory / "imports").read_text()
    for _ in range(2):
        assert offered(shop, "run", "counted:") == ["counted:Count"]
    assert (shop.directory / "imports").read_text() == imports


def test_it_is_learned_anew_when_a_file_changes(shop: Any, offered_in_time: Offered) -> None:
    shop.write("upper.py", "from lower import *\n")
    shop.write("lower.py", "import luigi\n\nclass Old(luigi.Task):\n    pass\n")
    assert offered_in_time(shop, ["upper:Old"], "run", "upper:") == ["upper:Old"]
    changed(shop, "lower.py", "import luigi\n\nclass Renamed(luigi.Task):\n    pass\n")
    assert offered_in_time(shop, ["upper:Renamed"], "run", "upper:") == ["upper:Renamed"]


def test_it_is_learned_anew_when_the_configuration_appears(
    shop: Any, offered: Offered, offered_in_time: Offered
) -> None:
    (shop.directory / "luigi.cfg").unlink()
    assert offered(shop, "run", "n") == []
    shop.write("luigi.cfg", "[run.nightly]\nmodule = shop\ntask = Load\n")
    assert offered_in_time(shop, ["nightly"], "run", "n") == ["nightly"]


def test_a_module_that_fails_is_tried_again(shop: Any, offered: Offered, offered_in_time: Offered) -> None:
    shop.write("later.py", "1 / 0\n")
    assert offered(shop, "run", "later:") == []
    changed(shop, "later.py", "import luigi\n\nclass Later(luigi.Task):\n    pass\n")
    assert offered_in_time(shop, ["later:Later"], "run", "later:") == ["later:Later"]


def test_a_damaged_entry_is_replaced(shop: Any, offered_in_time: Offered) -> None:
    assert offered_in_time(shop, ["shop:Report"], "run", "shop:R") == ["shop:Report"]
    for entry in entries(shop):
        entry.write_text("[]")
    assert offered_in_time(shop, ["shop:Report"], "run", "shop:R") == ["shop:Report"]


def test_folders_do_not_share(shop: Any, offered: Offered, offered_in_time: Offered) -> None:
    assert offered_in_time(shop, ["shop:Report"], "run", "shop:R") == ["shop:Report"]
    before = len(entries(shop))
    other = type(shop)(shop.directory / "stores")
    other.environ["XDG_CACHE_HOME"] = shop.environ["XDG_CACHE_HOME"]
    assert offered(other, "run", "shop:") == []
    assert len(entries(shop)) > before


def test_an_answer_from_the_index_costs_little(shop: Any, offered: Offered, offered_in_time: Offered) -> None:
    """Counted in the processor's time, which does not depend on what else the machine does."""
    assert offered_in_time(shop, ["--mode"], "run", "shop:Load", "--mode") == ["--mode"]
    spent = []
    for _ in range(3):
        before = children_seconds()
        assert "--mode" in offered(shop, "run", "shop:Load", "--")
        spent.append(children_seconds() - before)
    assert min(spent) < LIMIT
