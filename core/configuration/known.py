"""Which sections and options there are, as data.

The kernel's own sections are listed with what each option holds. Of the sections that belong to modules of
`luigi.contrib` only the names are known: their options are those modules' business.
Option names stand here with underscores; `-` and `_` are the same in a file.
"""

from __future__ import annotations

from collections.abc import Mapping

from luigi.configuration.kinds import (
    BOOLEAN,
    DURATION,
    INTEGER,
    JSON_LIST,
    NUMBER,
    SWITCH,
    TEXT,
    TEXT_LIST,
    WORKERS,
    Kind,
    one_of,
)

Options = Mapping[str, Kind]

_LOG_LEVEL = one_of("NOTSET", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_EMAIL_FORMAT = one_of("plain", "html", "none")

_CORE: Options = {
    "assistant": BOOLEAN,
    "autoload_range": SWITCH,
    "code_version": TEXT,
    "default_scheduler_host": TEXT,
    "default_scheduler_port": INTEGER,
    "default_scheduler_url": TEXT,
    "disabled_plugins": TEXT_LIST,
    "executor": TEXT,
    "hdfs_tmp_dir": TEXT,
    "help": BOOLEAN,
    "help_all": BOOLEAN,
    "history_filename": TEXT,
    "local_scheduler": BOOLEAN,
    "lock_pid_dir": TEXT,
    "lock_size": INTEGER,
    "log_format": one_of("text", "json"),
    "log_level": _LOG_LEVEL,
    "logging_conf_file": TEXT,
    "module": TEXT,
    "no_configure_logging": SWITCH,
    "no_lock": BOOLEAN,
    "notify_deadline": NUMBER,
    "observers": TEXT_LIST,
    "parallel_scheduling": BOOLEAN,
    "parallel_scheduling_processes": INTEGER,
    "plugins": TEXT_LIST,
    "preferred_plugins": TEXT_LIST,
    "rpc_ca_file": TEXT,
    "rpc_connect_timeout": NUMBER,
    "rpc_retry_attempts": INTEGER,
    "rpc_retry_wait": NUMBER,
    "scheduler_host": TEXT,
    "scheduler_port": INTEGER,
    "scheduler_url": TEXT,
    "take_lock": BOOLEAN,
    "workers": WORKERS,
    # Old places of options that have a section of their own now; still read.
    "email_prefix": TEXT,
    "email_sender": TEXT,
    "email_type": _EMAIL_FORMAT,
    "error_email": TEXT,
    "retry_external_tasks": BOOLEAN,
    "smtp_host": TEXT,
    "smtp_local_hostname": TEXT,
    "smtp_login": TEXT,
    "smtp_password": TEXT,
    "smtp_port": INTEGER,
    "smtp_ssl": BOOLEAN,
    "smtp_timeout": NUMBER,
    "smtp_without_tls": BOOLEAN,
    "worker_count_uniques": BOOLEAN,
    "worker_keep_alive": BOOLEAN,
    "worker_max_reschedules": INTEGER,
    "worker_ping_interval": NUMBER,
    "worker_task_limit": INTEGER,
    "worker_timeout": INTEGER,
    "worker_wait_interval": NUMBER,
}

_WORKER: Options = {
    "cache_task_completion": BOOLEAN,
    "check_complete_on_run": BOOLEAN,
    "check_unfulfilled_deps": BOOLEAN,
    "count_last_scheduled": BOOLEAN,
    "count_uniques": BOOLEAN,
    "deadline": DURATION,
    "executor": TEXT,
    "force_multiprocessing": BOOLEAN,
    "id": TEXT,
    "keep_alive": BOOLEAN,
    "keep_output": BOOLEAN,
    "max_keep_alive_idle_duration": DURATION,
    "max_reschedules": INTEGER,
    "no_install_shutdown_handler": BOOLEAN,
    "outage_patience": NUMBER,
    "output_bytes": INTEGER,
    "output_dir": TEXT,
    "output_keep_hours": NUMBER,
    "output_total_bytes": INTEGER,
    "ping_interval": NUMBER,
    "retry_external_tasks": BOOLEAN,
    "send_failure_email": BOOLEAN,
    "fail_fast": BOOLEAN,
    "send_output": BOOLEAN,
    "task_limit": INTEGER,
    "task_process_context": TEXT,
    "timeout": INTEGER,
    "wait_interval": NUMBER,
    "wait_jitter": NUMBER,
}

_SCHEDULER: Options = {
    "batch_emails": BOOLEAN,
    "disable_hard_timeout": INTEGER,
    "disable_persist": INTEGER,
    "disable_window": INTEGER,
    "max_graph_nodes": INTEGER,
    "max_shown_tasks": INTEGER,
    "metrics_collector": TEXT,
    "metrics_custom_import": TEXT,
    "pause_enabled": BOOLEAN,
    "prune_on_get_work": BOOLEAN,
    "record_task_history": BOOLEAN,
    "remove_delay": NUMBER,
    "retry_backoff_cap": NUMBER,
    "retry_backoff_factor": NUMBER,
    "retry_backoff_jitter": NUMBER,
    "retry_count": INTEGER,
    "retry_delay": NUMBER,
    "send_messages": BOOLEAN,
    "stable_done_cooldown_secs": INTEGER,
    "state_path": TEXT,
    "worker_disconnect_delay": NUMBER,
}

_BATCH_NOTIFIER: Options = {
    "batch_mode": one_of("all", "family", "unbatched_params"),
    "email_interval": INTEGER,
    "email_interval_minutes": INTEGER,
    "error_lines": INTEGER,
    "error_messages": INTEGER,
    "group_by_error_messages": BOOLEAN,
}

KERNEL: Mapping[str, Options] = {
    "core": _CORE,
    "worker": _WORKER,
    "scheduler": _SCHEDULER,
    "batch_notifier": _BATCH_NOTIFIER,
    "batch-notifier": _BATCH_NOTIFIER,
    "batch_email": _BATCH_NOTIFIER,
    "cors": {
        "allow_any_origin": SWITCH,
        "allow_credentials": SWITCH,
        "allow_null_origin": SWITCH,
        "allowed_headers": TEXT,
        "allowed_methods": TEXT,
        "allowed_origins": JSON_LIST,
        "enabled": SWITCH,
        "exposed_headers": TEXT,
        "max_age": INTEGER,
    },
    "email": {
        "SENGRID_API_KEY": TEXT,
        "force_send": BOOLEAN,
        "format": _EMAIL_FORMAT,
        "method": TEXT,
        "prefix": TEXT,
        "receiver": TEXT,
        "sender": TEXT,
        "traceback_max_length": INTEGER,
        "type": TEXT,
    },
    "execution_summary": {"summary_length": INTEGER},
    "processes": {
        "kill_grace": NUMBER,
        "recycle_above_mb": NUMBER,
        "recycle_after_tasks": INTEGER,
        "start_method": one_of("", "fork", "forkserver", "spawn"),
    },
    "retcode": {
        "already_running": INTEGER,
        "missing_data": INTEGER,
        "not_run": INTEGER,
        "scheduling_error": INTEGER,
        "task_failed": INTEGER,
        "unhandled_exception": INTEGER,
    },
    "sendgrid": {"apikey": TEXT, "host": TEXT, "timeout": NUMBER},
    "server": {
        "address": TEXT,
        "allowed_hosts": TEXT_LIST,
        "authenticators": TEXT_LIST,
        "connections": INTEGER,
        "idle_timeout": NUMBER,
        "insecure": BOOLEAN,
        "log_bytes": INTEGER,
        "log_keep_hours": NUMBER,
        "log_total_bytes": INTEGER,
        "logs_dir": TEXT,
        "max_body": INTEGER,
        "port": INTEGER,
        "rate_limit": NUMBER,
        "session_hours": NUMBER,
        "session_secret": TEXT,
        "state_store": TEXT,
        "threads": INTEGER,
        "tick_interval": NUMBER,
        "tokens_file": TEXT,
        "trusted_proxies": TEXT_LIST,
        "unix_socket": TEXT,
        "url_prefix": TEXT,
    },
    "smtp": {
        "host": TEXT,
        "local_hostname": TEXT,
        "no_tls": BOOLEAN,
        "password": TEXT,
        "port": INTEGER,
        "ssl": BOOLEAN,
        "timeout": NUMBER,
        "username": TEXT,
        "verify_certificate": BOOLEAN,
    },
    "task_history": {
        "db_connection": TEXT,
        "keep_days": NUMBER,
        "keep_rows": INTEGER,
        "kind": TEXT,
        "local_runs": SWITCH,
    },
}
"""The sections whose options are all known."""

RESOURCES = "resources"
"""The section where every option is a resource, and its value how many there are."""

FRESHNESS = "freshness"
"""The section where every option is a family, or a glob of families, and its value their freshness policies; `store` is
where fingerprints are kept."""

LOGGING = "logging"
"""The section that goes to `logging.config.dictConfig` as it is."""

FREE = (RESOURCES, FRESHNESS, LOGGING)
"""The kernel's sections whose options are not its own names."""

MANY = ("notify", "trigger", "deadline")
"""The kernel's sections of which there may be many, each with a name behind a dot: `[trigger.nightly]`."""

RUN_PREFIX = "run."
"""`[run.NAME]`: what `kernel run NAME` starts."""

RUN_TASK = "task"
"""The option without which a `[run.NAME]` starts nothing."""

RETIRED: Mapping[tuple[str, str], str] = {
    ("core", "disable_num_failures"): "[scheduler] retry_count",
    ("core", "local_tmp_dir"): "the environment variable TMPDIR",
    ("core", "max_reschedules"): "[worker] max_reschedules",
    ("core", "remove_delay"): "[scheduler] remove_delay",
    ("core", "retry_delay"): "[scheduler] retry_delay",
    ("core", "tmp_dir"): "the environment variable TMPDIR",
    ("core", "tmpdir"): "the environment variable TMPDIR",
    ("core", "worker_disconnect_delay"): "[scheduler] worker_disconnect_delay",
    ("scheduler", "disable_failures"): "retry_count",
    ("scheduler", "disable_num_failures"): "retry_count",
    ("scheduler", "disable_persist_seconds"): "disable_persist",
    ("scheduler", "disable_window_seconds"): "disable_window",
}
"""Options of older releases that Luigi 3 ignores too: they get a warning, so that programs go on running."""

CONTRIB = frozenset(
    {
        "OpenPai",
        "datadog",
        "docker",
        "dropbox",
        "elasticsearch",
        "hadoop",
        "hadoopcli",
        "hdfs",
        "hive",
        "kubernetes",
        "mongodb",
        "mssql",
        "mysql",
        "pig",
        "postgres",
        "presto",
        "prometheus",
        "pyspark_runner",
        "redis",
        "redshift",
        "s3",
        "salesforce",
        "scalding",
        "spark",
        "sqlalchemy",
        "upstream",
        "webhdfs",
    }
)
"""The sections that belong to other modules."""
