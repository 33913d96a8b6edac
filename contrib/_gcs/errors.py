"""What Google's client raises, in words of ours: each error says what was wanted, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from luigi.contrib._cloud.errors import FileNotFoundException, Refused, Unreachable
from luigi.extras import need
from luigi.target import FileAlreadyExists

WHO_ASKS = "say who asks: [gcs] credentials_file, or gcloud auth application-default login"
WHAT_FOR = "the account needs a role for that bucket, such as Storage Object User"
WHERE = "is the network there? another address is given by [gcs] endpoint_url"


def is_error_5xx(err: BaseException) -> bool:
    """Whether it is Google's client that says that the service is in trouble, for which it may be asked again."""
    kind = need("googleapiclient.errors", "gcs", "luigi.contrib.gcs").HttpError
    return isinstance(err, kind) and err.resp.status >= HTTPStatus.INTERNAL_SERVER_ERROR


@contextmanager
def said_of(path: str) -> Iterator[None]:
    """Raise an error of ours for `path` where Google's client raises.

    FileNotFoundException, FileAlreadyExists, Refused, Unreachable; what has no better word is raised as it is.
    """
    google = need("google.auth.exceptions", "gcs", "luigi.contrib.gcs")
    errors = need("googleapiclient.errors", "gcs", "luigi.contrib.gcs")
    httplib2 = need("httplib2", "gcs", "luigi.contrib.gcs")
    try:
        yield
    except errors.HttpError as error:
        raise _of_answer(path, error) from error
    except google.TransportError as error:
        raise Unreachable(path, error, WHERE) from error
    except google.GoogleAuthError as error:
        raise Refused(path, f"{type(error).__name__}: who asks is not known", WHO_ASKS) from error
    except (httplib2.HttpLib2Error, OSError) as error:
        raise Unreachable(path, error, WHERE) from error


def _of_answer(path: str, error: Any) -> Exception:
    """What an answer of the service means; the same error where we know no better word."""
    status = error.resp.status
    if status == HTTPStatus.NOT_FOUND:
        return FileNotFoundException(path)
    if status == HTTPStatus.PRECONDITION_FAILED:
        return FileAlreadyExists(f"{path} exists already")
    if status == HTTPStatus.UNAUTHORIZED:
        return Refused(path, error.reason, WHO_ASKS)
    if status == HTTPStatus.FORBIDDEN:
        return Refused(path, error.reason, WHAT_FOR)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
        return Unreachable(path, f"{status} {error.reason}", "try again later, or raise [gcs] retries")
    return error  # type: ignore[no-any-return]
