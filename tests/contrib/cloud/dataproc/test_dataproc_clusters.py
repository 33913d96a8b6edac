"""Clusters of Dataproc: how they are made and removed."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.contrib._google.errors import NotUnderstood
from luigi.contrib.dataproc import CreateDataprocClusterTask, DeleteDataprocClusterTask
from luigi.contrib.remote_job import JobFailed
from luigi.task import Task
from luigi.testing import run_task
from luigi.testing.contracts import RemoteJobContract


def create(name: str, **options: str) -> CreateDataprocClusterTask:
    return CreateDataprocClusterTask(gcloud_project_id="project", dataproc_cluster_name=name, **options)


def delete(name: str) -> DeleteDataprocClusterTask:
    return DeleteDataprocClusterTask(gcloud_project_id="project", dataproc_cluster_name=name)


class TestDataprocClusters(RemoteJobContract):
    last_words = "no quota for 2 CPUs"
    says_where = True

    @pytest.fixture(autouse=True)
    def _service(self, dataproc: Any) -> None:
        self.service = dataproc

    def succeeding(self) -> Task:
        return create("cluster")

    def failing(self) -> Task:
        return create("broken")

    def endless(self) -> Task:
        return create("forever")

    def is_running(self, task: Task) -> bool:
        return any(one["status"]["state"] == "CREATING" for one in self.service.clusters.values())


def test_a_cluster_comes_and_goes(dataproc: Any) -> None:
    made, gone = create("cluster"), delete("cluster")
    assert (made.complete(), gone.complete()) == (False, True)
    run_task(made)
    assert (made.complete(), gone.complete()) == (True, False)
    run_task(gone)
    assert (made.complete(), gone.complete()) == (False, True)


def test_a_cluster_is_as_it_is_said(dataproc: Any) -> None:
    run_task(
        create(
            "cluster",
            dataproc_region="europe-west3",
            gcloud_zone="europe-west3-b",
            gcloud_network="net",
            master_node_type="n2-standard-4",
            master_disk_size="10",
            worker_node_type="n2-standard-8",
            worker_disk_size="20",
            worker_normal_count="3",
            worker_preemptible_count="4",
            image_version="2.2",
        )
    )
    ((what, body),) = [(what, body) for what, body in dataproc.asked if body]
    compute = "https://www.googleapis.com/compute/v1/projects/project"
    zone = f"{compute}/zones/europe-west3-b"
    assert what == "POST /v1/projects/project/regions/europe-west3/clusters"
    assert body == {
        "clusterName": "cluster",
        "projectId": "project",
        "config": {
            "gceClusterConfig": {
                "networkUri": f"{compute}/global/networks/net",
                "zoneUri": zone,
                "serviceAccountScopes": ["https://www.googleapis.com/auth/cloud-platform"],
            },
            "masterConfig": {
                "numInstances": 1,
                "machineTypeUri": f"{zone}/machineTypes/n2-standard-4",
                "diskConfig": {"bootDiskSizeGb": 10, "numLocalSsds": 0},
            },
            "workerConfig": {
                "numInstances": 3,
                "machineTypeUri": f"{zone}/machineTypes/n2-standard-8",
                "diskConfig": {"bootDiskSizeGb": 20, "numLocalSsds": 0},
            },
            "secondaryWorkerConfig": {"numInstances": 4, "isPreemptible": True},
            "softwareConfig": {"imageVersion": "2.2"},
        },
    }


def test_a_cluster_that_another_makes_is_waited_for(dataproc: Any) -> None:
    dataproc.clusters["cluster"] = {"status": {"state": "CREATING"}}
    task = create("cluster")
    assert not task.complete()
    dataproc.clusters["cluster"] = {"status": {"state": "CREATING"}}
    task.run()
    assert task.complete()


def test_a_cluster_that_another_made_is_left_when_its_task_is_given_up(dataproc: Any) -> None:
    dataproc.clusters["forever"] = {"status": {"state": "CREATING"}}

    class CreateGivenUp(CreateDataprocClusterTask):
        def set_status_message(self, message: str) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        CreateGivenUp(gcloud_project_id="project", dataproc_cluster_name="forever").run()
    assert not any(what.startswith("DELETE") for what, _ in dataproc.asked)
    assert dataproc.clusters["forever"]["status"]["state"] == "CREATING"


@pytest.mark.parametrize("state", ["ERROR", "STOPPED", "DELETING"])
def test_a_cluster_that_does_not_run_is_in_the_way(dataproc: Any, state: str) -> None:
    dataproc.clusters["cluster"] = {"status": {"state": state, "detail": "long ago"}}
    task = create("cluster")
    assert not task.complete()
    with pytest.raises(JobFailed, match=f"Dataproc cluster cluster ended as {state}: long ago") as error:
        task.run()
    assert "DeleteDataprocClusterTask" in error.value.hint


def test_a_cluster_that_cannot_be_says_why(dataproc: Any) -> None:
    with pytest.raises(NotUnderstood, match="two workers or none"):
        create("cluster", worker_normal_count="1").run()


def test_what_is_gone_is_removed(dataproc: Any) -> None:
    delete("cluster").run()


def test_a_removal_that_fails_says_why(dataproc: Any) -> None:
    dataproc.clusters["stuck"] = {"status": {"state": "RUNNING"}}
    with pytest.raises(JobFailed, match="removal of the Dataproc cluster stuck ended as ERROR: its bucket is locked"):
        delete("stuck").run()


def test_a_removal_goes_on_when_its_task_is_given_up(dataproc: Any) -> None:
    class DeleteGivenUp(DeleteDataprocClusterTask):
        def set_status_message(self, message: str) -> None:
            raise KeyboardInterrupt

    dataproc.clusters["cluster"] = {"status": {"state": "RUNNING"}}
    with pytest.raises(KeyboardInterrupt):
        DeleteGivenUp(gcloud_project_id="project", dataproc_cluster_name="cluster").run()
    assert [what.split()[0] for what, _ in dataproc.asked] == ["DELETE", "GET"]


def test_no_name_leads_elsewhere(dataproc: Any) -> None:
    dataproc.clusters["cluster"] = {"status": {"state": "RUNNING"}}
    for name in ("cluster?x=y", "../clusters/cluster", "cluster#"):
        assert not create(name).complete()
