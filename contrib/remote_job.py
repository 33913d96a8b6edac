"""Tasks whose work is a job of another system: describe it as a RemoteJob, and `run` it.

    class Train(luigi.Task):
        def run(self):
            remote_job.run(MySystemsJob(…), self, interval=5)

docs/contrib/remote-jobs.md shows one whole.
"""

from __future__ import annotations

from luigi.contrib._jobs.ending import ending
from luigi.contrib._jobs.remote import PATIENCE, JobFailed, JobState, RemoteJob, run

__all__ = ["PATIENCE", "JobFailed", "JobState", "RemoteJob", "ending", "run"]
