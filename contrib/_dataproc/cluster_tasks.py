"""Tasks that make a Dataproc cluster, and remove it."""

from __future__ import annotations

from typing import Any, Final

from luigi.contrib._dataproc.clusters import USABLE, Creation, Removal, state_of
from luigi.contrib._dataproc.settings import current
from luigi.contrib._dataproc.tasks import _DataprocBaseTask
from luigi.contrib._jobs import remote
from luigi.contrib.gcp import SCOPE
from luigi.parameter import Parameter

COMPUTE: Final = "https://www.googleapis.com/compute/v1/projects"


class CreateDataprocClusterTask(_DataprocBaseTask):
    """Has a cluster be there. It is complete while the cluster is running."""

    gcloud_zone = Parameter(default="europe-west1-c", description="the zone that its machines are in")
    gcloud_network = Parameter(default="default", description="their network")
    master_node_type = Parameter(default="n1-standard-2", description="what kind of machine the master is")
    master_disk_size = Parameter(default="100", description="the size of its disk, in GB")
    worker_node_type = Parameter(default="n1-standard-2", description="what kind of machine a worker is")
    worker_disk_size = Parameter(default="100", description="the size of its disk, in GB")
    worker_normal_count = Parameter(default="2", description="how many workers there are")
    worker_preemptible_count = Parameter(default="0", description="how many more there are that may be taken away")
    image_version = Parameter(default="", description="which version of Dataproc it is; the newest unless given")

    def complete(self) -> bool:
        """Whether it is running."""
        return state_of(self._place)[0] in USABLE

    def run(self) -> None:
        """Make it, and wait until it runs. It is removed when this task is given up meanwhile. Raises JobFailed."""
        body = {
            "clusterName": self.dataproc_cluster_name,
            "projectId": self.gcloud_project_id,
            "config": self._config(),
        }
        remote.run(Creation(self._place, body), self, current().poll_interval)

    def _config(self) -> dict[str, Any]:
        compute = f"{COMPUTE}/{self.gcloud_project_id}"
        return {
            "gceClusterConfig": {
                "networkUri": f"{compute}/global/networks/{self.gcloud_network}",
                "zoneUri": f"{compute}/zones/{self.gcloud_zone}",
                "serviceAccountScopes": [SCOPE],
            },
            "masterConfig": self._machines(1, self.master_node_type, self.master_disk_size),
            "workerConfig": self._machines(int(self.worker_normal_count), self.worker_node_type, self.worker_disk_size),
            "secondaryWorkerConfig": {"numInstances": int(self.worker_preemptible_count), "isPreemptible": True},
            "softwareConfig": {"imageVersion": self.image_version} if self.image_version else {},
        }

    def _machines(self, count: int, kind: str, disk: str) -> dict[str, Any]:
        zone = f"{COMPUTE}/{self.gcloud_project_id}/zones/{self.gcloud_zone}"
        return {
            "numInstances": count,
            "machineTypeUri": f"{zone}/machineTypes/{kind}",
            "diskConfig": {"bootDiskSizeGb": int(disk), "numLocalSsds": 0},
        }


class DeleteDataprocClusterTask(_DataprocBaseTask):
    """Has a cluster be gone. It is complete while there is none of that name."""

    def complete(self) -> bool:
        """Whether it is gone."""
        return not state_of(self._place)[0]

    def run(self) -> None:
        """Remove it, and wait until it is gone. Raises JobFailed."""
        remote.run(Removal(self._place), self, current().poll_interval)
