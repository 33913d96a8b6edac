"""Nothing that Luigi documents is missing from the modules that are built: shared/tools/api_parity.py looks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[3] / "shared" / "tools" / "api_parity.py"
MODULES = """
luigi luigi.task luigi.parameter luigi.target luigi.local_target luigi.format luigi.mock luigi.configuration luigi.event
luigi.date_interval luigi.freezing luigi.util luigi.tools luigi.interface luigi.execution_summary luigi.retcodes
luigi.cmdline luigi.setup_logging luigi.lock luigi.task_register luigi.task_status luigi.scheduler luigi.worker
luigi.rpc luigi.notifications luigi.batch_notifier luigi.metrics luigi.task_history luigi.db_task_history
luigi.contrib.datadog_metric luigi.contrib.prometheus_metric
""".split()


@pytest.mark.skipif(not TOOL.exists(), reason=f"{TOOL} lies beside the repository, not in it")
@pytest.mark.parametrize("module", MODULES)
def test_no_documented_name_is_missing(module: str) -> None:
    done = subprocess.run(
        [sys.executable, str(TOOL), "--module", module, "--missing", "0"], capture_output=True, text=True
    )
    missing = [line for line in done.stdout.splitlines() if not line.startswith("parity:")]
    assert done.stdout.count("parity:") == 1, done.stderr
    assert not [line for line in missing if module != "luigi" or names_the_package_itself(line)]


def names_the_package_itself(line: str) -> bool:
    """For `luigi` the tool goes through all modules there are, built or not; the package's own names have one dot."""
    return line.split("(")[0].count(".") == 1 and "cannot be imported" not in line
