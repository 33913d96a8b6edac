"""Where a person can follow what runs in Amazon's cloud."""

from __future__ import annotations

from urllib.parse import quote

CONSOLES = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}


def batch_job(arn: str, job_id: str) -> str:
    """The page of a job; empty for an ARN that is none of Amazon's."""
    return _page(arn, "batch/home", f"#jobs/detail/{quote(job_id)}")


def ecs_task(arn: str) -> str:
    """The page of a task; empty for an ARN of the old form, which does not say the cluster."""
    cluster, _, task = arn.partition(":task/")[2].partition("/")
    return _page(arn, f"ecs/v2/clusters/{quote(cluster)}/tasks/{quote(task)}") if task else ""


def _page(arn: str, path: str, place: str = "") -> str:
    partition, _, region = (arn.split(":", 4) + [""] * 4)[1:4]
    console = CONSOLES.get(partition)
    return f"https://{region}.{console}/{path}?region={region}{place}" if console and region else ""
