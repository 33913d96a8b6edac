"""A folder with tasks to complete, and an index of its own."""

from __future__ import annotations

from typing import Any

import pytest

SHOP = '''
import luigi

class Load(luigi.Task):
    """Loads a day."""
    day = luigi.DateParameter(description="which day")
    mode = luigi.ChoiceParameter(choices=["fast", "slow"], default="fast")
    dry = luigi.BoolParameter()

class Report(luigi.Task):
    country = luigi.Parameter(default="CH")
'''


@pytest.fixture
def shop(shell: Any) -> Any:
    """The shell, in a folder with the module `shop`, the package `stores`, and the run `nightly`."""
    shell.environ["XDG_CACHE_HOME"] = str(shell.directory / "cache")
    (shell.directory / "tasks.py").unlink()
    shell.write("shop.py", SHOP)
    shell.write("stores/basel.py", SHOP)
    shell.write("luigi.cfg", "[run.nightly]\nmodule = shop\ntask = Load\n")
    return shell
