"""What can go wrong with Redshift beyond what can with any database."""

from __future__ import annotations

from luigi.contrib._sql.errors import SqlError


class MissingCredentials(SqlError, NotImplementedError):
    """Redshift is to read or write S3, and nobody said as whom."""

    def __init__(self, task: object, section: str) -> None:
        super().__init__(f"{task}: there are no credentials by which Redshift can get at S3")
        self.hint = (
            "give aws_account_id and aws_arn_role_name, or aws_access_key_id and aws_secret_access_key, "
            f"in [{section}], in the environment in capitals, or as attributes of the task"
        )


class TableNotNamed(SqlError):
    """A task that loads a table does not say which."""

    def __init__(self, task: object) -> None:
        super().__init__(f"{task}: table needs to be specified")
        self.hint = "table = 'sales.orders'"


class HalfPruned(SqlError):
    """Some of what a task needs to remove old rows is said, but not all of it."""

    def __init__(self, task: object) -> None:
        super().__init__(f"{task}: override zero or all prune variables")
        self.hint = "give prune_table, prune_column and prune_date, or none of them"


class NowhereToUnload(SqlError):
    """A task that unloads does not say where to."""

    def __init__(self, task: object) -> None:
        super().__init__(f"{task}: s3_unload_path needs to be specified")
        self.hint = "s3_unload_path = 's3://bucket/folder/beginning_'"
