"""Amazon Redshift: tasks that have it load from S3 or write there, carry out a statement, and the target that notes it.

`pip install "luigi-kernel[postgres,s3]"` brings the driver, and S3's client. Options are in the section `[redshift]`.
"""

from __future__ import annotations

from luigi.contrib._redshift.copying import S3CopyToTable
from luigi.contrib._redshift.credentials import CredentialsMixin as _CredentialsMixin
from luigi.contrib._redshift.json_copying import S3CopyJSONToTable
from luigi.contrib._redshift.manifest import RedshiftManifestTask
from luigi.contrib._redshift.queries import RedshiftQuery, RedshiftUnloadTask
from luigi.contrib._redshift.sessions import KillOpenRedshiftSessions
from luigi.contrib._redshift.target import RedshiftTarget

__all__ = [
    "KillOpenRedshiftSessions",
    "RedshiftManifestTask",
    "RedshiftQuery",
    "RedshiftTarget",
    "RedshiftUnloadTask",
    "S3CopyJSONToTable",
    "S3CopyToTable",
    "_CredentialsMixin",
]
