"""Contract suites: what every implementation of an interface must do, as pytest classes to subclass.

`from luigi.testing.contracts import NotifierContract`; the module of each shows what it is to be given.
"""

from __future__ import annotations

from luigi.testing.contracts.authenticators import AuthenticatorContract
from luigi.testing.contracts.executors import ExecutorContract
from luigi.testing.contracts.file_systems import FileSystemContract
from luigi.testing.contracts.freshness_policies import FreshnessPolicyContract
from luigi.testing.contracts.history_readings import HistoryReadingContract
from luigi.testing.contracts.mailers import MailerContract
from luigi.testing.contracts.metrics_collectors import MetricsCollectorContract
from luigi.testing.contracts.notifiers import NotifierContract
from luigi.testing.contracts.observers import ObserverContract
from luigi.testing.contracts.plugins import PluginContract
from luigi.testing.contracts.remote_jobs import RemoteJobContract
from luigi.testing.contracts.sql import TableLoadContract
from luigi.testing.contracts.state_stores import StateStoreContract
from luigi.testing.contracts.targets import FileSystemTargetContract, TargetContract
from luigi.testing.contracts.task_histories import TaskHistoryContract
from luigi.testing.contracts.time_tables import TimeTableContract

__all__ = [
    "AuthenticatorContract",
    "ExecutorContract",
    "FileSystemContract",
    "FileSystemTargetContract",
    "FreshnessPolicyContract",
    "HistoryReadingContract",
    "MailerContract",
    "MetricsCollectorContract",
    "NotifierContract",
    "ObserverContract",
    "PluginContract",
    "RemoteJobContract",
    "StateStoreContract",
    "TableLoadContract",
    "TargetContract",
    "TaskHistoryContract",
    "TimeTableContract",
]
