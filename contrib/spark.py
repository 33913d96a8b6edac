"""Tasks that are jobs of Spark: SparkSubmitTask for apps, PySparkTask for Python code of the task's own.

docs/contrib/spark.md shows both.
"""

from __future__ import annotations

from luigi.contrib._spark.python import PySparkTask
from luigi.contrib._spark.submit import SparkSubmitTask

__all__ = ["PySparkTask", "SparkSubmitTask"]
