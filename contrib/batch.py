"""AWS Batch: a task that runs one job there.

    class Train(BatchTask):
        job_definition = "train:3"
        job_queue = "gpu"

        @property
        def parameters(self):
            return {"day": str(self.day)}

`pip install "luigi-kernel[aws]"` brings what it needs.
"""

from __future__ import annotations

from luigi.contrib._batch.client import POLL_TIME, BatchClient
from luigi.contrib._batch.errors import BatchJobException, NoQueue
from luigi.contrib._batch.task import BatchTask

__all__ = ["POLL_TIME", "BatchClient", "BatchJobException", "BatchTask", "NoQueue"]
