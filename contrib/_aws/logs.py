"""The last that a container has printed, where CloudWatch keeps it."""

from __future__ import annotations

from luigi.contrib._aws.clients import EXTRA, client
from luigi.extras import need

LINES = 50
"""How many of the last lines are told."""


def last_lines(group: str, stream: str, lines: int = LINES) -> str:
    """The last lines of a stream. Raises botocore's errors."""
    answer = client("logs").get_log_events(logGroupName=group, logStreamName=stream, limit=lines, startFromHead=False)
    return "\n".join(event["message"] for event in answer["events"][-lines:])


def last_words(group: str, stream: str) -> str:
    """The same for an error that is to be told in any case: why they cannot be had stands in their place."""
    errors = need("botocore.exceptions", EXTRA)
    try:
        return last_lines(group, stream)
    except (errors.ClientError, errors.BotoCoreError) as error:
        return f"(what it printed cannot be read: {error})"
