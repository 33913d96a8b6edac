"""The example's counting of words by Spark: here, and on a standalone master."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.service("spark"), pytest.mark.usefixtures("spark_jobs"), pytest.mark.timeout(300)]
LOOPBACK = "spark.driver.host=127.0.0.1|spark.driver.bindAddress=127.0.0.1|spark.cores.max=1"


@pytest.mark.parametrize("where", ["here", "standalone"])
def test_words_are_counted(
    where: str, spark_service: str, counts_as_here: Callable[..., None], luigi_config: Any
) -> None:
    master = "local[1]" if where == "here" else spark_service
    luigi_config("spark", master=master, conf=LOOPBACK, driver_memory="512m", executor_memory="512m")
    counts_as_here("OnSpark")
