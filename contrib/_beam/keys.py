"""What the options of a pipeline are called: Java has --workerMachineType, Python --machine_type."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Final

NAMES: Final = (
    "runner",
    "project",
    "zone",
    "region",
    "staging_location",
    "temp_location",
    "gcp_temp_location",
    "num_workers",
    "autoscaling_algorithm",
    "max_num_workers",
    "disk_size_gb",
    "worker_machine_type",
    "worker_disk_type",
    "network",
    "subnetwork",
    "job_name",
    "service_account",
    "labels",
)
"""The options, in the order in which they are given."""


class DataflowParamKeys(ABC):
    """The names of the options, of which a subclass gives each.

    class JavaKeys(DataflowParamKeys):
        runner = "runner"
        worker_machine_type = "workerMachineType"
        …
    """

    @property
    @abstractmethod
    def runner(self) -> str:
        """What runs the pipeline."""

    @property
    @abstractmethod
    def project(self) -> str:
        """The project of Google's cloud."""

    @property
    @abstractmethod
    def zone(self) -> str:
        """Where in a region its workers are."""

    @property
    @abstractmethod
    def region(self) -> str:
        """Where its job is."""

    @property
    @abstractmethod
    def staging_location(self) -> str:
        """Where its code is put."""

    @property
    @abstractmethod
    def temp_location(self) -> str:
        """Where it keeps what is passing."""

    @property
    @abstractmethod
    def gcp_temp_location(self) -> str:
        """Where it keeps what is passing, in Google's storage."""

    @property
    @abstractmethod
    def num_workers(self) -> str:
        """How many workers it begins with."""

    @property
    @abstractmethod
    def autoscaling_algorithm(self) -> str:
        """How their number changes."""

    @property
    @abstractmethod
    def max_num_workers(self) -> str:
        """How many they may become."""

    @property
    @abstractmethod
    def disk_size_gb(self) -> str:
        """The size of their disks, in gigabytes."""

    @property
    @abstractmethod
    def worker_machine_type(self) -> str:
        """What machines they are."""

    @property
    @abstractmethod
    def worker_disk_type(self) -> str:
        """What disks they have."""

    @property
    @abstractmethod
    def network(self) -> str:
        """Their network."""

    @property
    @abstractmethod
    def subnetwork(self) -> str:
        """Their part of it."""

    @property
    @abstractmethod
    def job_name(self) -> str:
        """What the job is called."""

    @property
    @abstractmethod
    def service_account(self) -> str:
        """Who its workers are."""

    @property
    @abstractmethod
    def labels(self) -> str:
        """What the job is marked with."""
