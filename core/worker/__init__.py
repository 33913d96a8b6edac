"""The worker: it walks the graph, asks the scheduler for work, runs it and reports."""

from luigi.worker.config import worker
from luigi.worker.loop import TaskException, Worker

__all__ = ["TaskException", "Worker", "worker"]
