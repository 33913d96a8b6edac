"""The scheduler: which task runs where and when. `machine` is the algorithm, `service` the shell around it."""

from luigi.scheduler.config import scheduler
from luigi.scheduler.service import Scheduler

__all__ = ["Scheduler", "scheduler"]
