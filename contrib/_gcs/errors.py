"""What Google's client raises for objects, in words of ours."""

from __future__ import annotations

from contextlib import AbstractContextManager
from http import HTTPStatus

from luigi.contrib._gcs.settings import GCS
from luigi.contrib._google import errors
from luigi.extras import need


def is_error_5xx(err: BaseException) -> bool:
    """Whether it is Google's client that says that the service is in trouble, for which it may be asked again."""
    kind = need("googleapiclient.errors", "gcs", "luigi.contrib.gcs").HttpError
    return isinstance(err, kind) and err.resp.status >= HTTPStatus.INTERNAL_SERVER_ERROR


def said_of(path: str) -> AbstractContextManager[None]:
    """Raise an error of ours for `path` where Google's client raises, as `errors.said_of` does."""
    return errors.said_of(path, GCS)
