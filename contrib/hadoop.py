"""Jobs on Hadoop: mappers and reducers that are methods of a task, by Hadoop's streaming.

    class Words(JobTask):
        def output(self): return HdfsTarget("/words")
        def mapper(self, line): ...
        def reducer(self, word, counts): ...

The task's code goes to the cluster by itself; see docs/contrib/hadoop.md.
"""

from __future__ import annotations

from luigi.contrib._hadoop.base_task import BaseHadoopJobTask
from luigi.contrib._hadoop.errors import HadoopJobError
from luigi.contrib._hadoop.failures import fetch_task_failures
from luigi.contrib._hadoop.files import dereference, get_extra_files
from luigi.contrib._hadoop.following import TRACKING_RE, HadoopRunContext, run_and_track_hadoop_job
from luigi.contrib._hadoop.interchange import DataInterchange, flatten
from luigi.contrib._hadoop.local_runner import LocalJobRunner
from luigi.contrib._hadoop.packages import attach, create_packages_archive
from luigi.contrib._hadoop.runner import JobRunner
from luigi.contrib._hadoop.settings import hadoop
from luigi.contrib._hadoop.streaming_runner import DefaultHadoopJobRunner, HadoopJobRunner
from luigi.contrib._hadoop.streaming_task import JobTask

__all__ = [
    "TRACKING_RE",
    "BaseHadoopJobTask",
    "DataInterchange",
    "DefaultHadoopJobRunner",
    "HadoopJobError",
    "HadoopJobRunner",
    "HadoopRunContext",
    "JobRunner",
    "JobTask",
    "LocalJobRunner",
    "attach",
    "create_packages_archive",
    "dereference",
    "fetch_task_failures",
    "flatten",
    "get_extra_files",
    "hadoop",
    "run_and_track_hadoop_job",
]
