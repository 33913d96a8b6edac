"""Stands in for Dataproc's REST service: clusters that are made and removed in a while, and jobs that seem to run."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

REGION = r"/v1/projects/(?P<project>[^/]+)/regions/(?P<region>[^/]+)"
CLUSTER = rf"{REGION}/clusters/(?P<cluster>[^/]+)"
JOB = rf"{REGION}/jobs/(?P<job>[^/:]+)"


class Dataproc:
    """Keeps clusters and jobs, and notes what is asked.

    What a job does is in its text: with `fail` it fails, with `forever` it goes on until it is cancelled. A cluster
    whose name has `broken` in it comes to nothing, one with `forever` is for ever on its way, one with `stuck` is not
    removed.
    """

    url: str

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []
        """Method and path of every request, and its body."""
        self.clusters: dict[str, dict[str, Any]] = {}
        self.jobs: dict[str, dict[str, Any]] = {}
        self.runs: list[str] = []
        """The ids of requests that began a job."""
        self.loses_answers = 0
        """How many of the next jobs are begun without an answer."""
        self.output = ""
        """Where the drivers of jobs write."""
        self.routes: list[tuple[str, str, Callable[..., Any]]] = [
            ("POST", rf"{REGION}/clusters", self.make),
            ("GET", CLUSTER, self.look_at_cluster),
            ("DELETE", CLUSTER, self.remove),
            ("GET", rf"{REGION}/operations/(?P<cluster>[^/]+)", self.look_at_operation),
            ("POST", rf"{REGION}/jobs:submit", self.begin),
            ("GET", JOB, self.look),
            ("POST", rf"{JOB}:cancel", self.cancel),
        ]

    def found(self, kept: dict[str, Any], name: str) -> Any:
        if name not in kept:
            raise FileNotFoundError(f"Not found: {name}")
        return kept[name]

    # --- clusters --------------------------------------------------------------------------------------------------

    def make(self, body: Any, **_: Any) -> Any:
        name = body["clusterName"]
        if name in self.clusters:
            raise FileExistsError(f"Already exists: {name}")
        if body["config"]["workerConfig"]["numInstances"] == 1:
            raise ValueError("a cluster has two workers or none")
        self.clusters[name] = {**body, "status": {"state": "CREATING"}}
        return {"name": f"projects/project/regions/global/operations/{name}"}

    def look_at_cluster(self, body: Any, cluster: str, **_: Any) -> Any:
        found = self.found(self.clusters, cluster)
        answer = json.loads(json.dumps(found))
        if found["status"]["state"] == "CREATING" and "forever" not in cluster:
            broken = {"state": "ERROR", "detail": "no quota for 2 CPUs"}
            found["status"] = broken if "broken" in cluster else {"state": "RUNNING"}
        return answer

    def remove(self, body: Any, cluster: str, **_: Any) -> Any:
        self.found(self.clusters, cluster)["status"] = {"state": "DELETING"}
        return {"name": f"projects/project/regions/global/operations/{cluster}"}

    def look_at_operation(self, body: Any, cluster: str, **_: Any) -> Any:
        if "stuck" in cluster:
            return {"done": True, "error": {"code": 9, "message": "its bucket is locked"}}
        return {"done": self.clusters.pop(cluster, None) is None}

    # --- jobs ------------------------------------------------------------------------------------------------------

    def begin(self, body: Any, **_: Any) -> Any:
        job = body["job"]
        job_id = job["reference"]["jobId"]
        if "nonsense" in json.dumps(job):
            raise ValueError("the main class is nonsense")
        if job["placement"]["clusterName"] == "missing":
            raise FileNotFoundError("Not found: Cluster missing")
        if job_id not in self.jobs or body["requestId"] not in self.runs:
            if job_id in self.jobs:
                raise FileExistsError(f"Already exists: {job_id}")
            self.runs.append(body["requestId"])
            self.jobs[job_id] = {**job, "status": {"state": "PENDING"}, "driverOutputResourceUri": self.output}
        if self.loses_answers:
            self.loses_answers -= 1
            raise ConnectionAbortedError
        return self.jobs[job_id]

    def look(self, body: Any, job: str, **_: Any) -> Any:
        found = self.found(self.jobs, job)
        answer = json.loads(json.dumps(found))
        text = json.dumps(found)
        if found["status"]["state"] == "PENDING":
            found["status"] = {"state": "RUNNING"}
            found["yarnApplications"] = [{"progress": 0.5}, {"progress": 1}]
        elif found["status"]["state"] == "RUNNING" and "forever" not in text:
            failed = {"state": "ERROR", "details": "the driver ended with 1"}
            found["status"] = failed if "fail" in text else {"state": "DONE"}
        return answer

    def cancel(self, body: Any, job: str, **_: Any) -> Any:
        found = self.found(self.jobs, job)
        if found["status"]["state"] in ("DONE", "ERROR", "CANCELLED"):
            raise ValueError(f"Job {job} has ended")
        found["status"] = {"state": "CANCELLED", "details": "by somebody"}
        return found


@pytest.fixture
def dataproc(luigi_config: Any, serving: Callable[[Any], str]) -> Dataproc:
    """The stand-in, to which the section `[dataproc]` leads."""
    service = Dataproc()
    service.url = serving(service)
    luigi_config("dataproc", endpoint_url=service.url, anonymous=True, poll_interval=0.05)
    return service
