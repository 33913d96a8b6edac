"""What Google's client raises, in words of ours: each error says what was wanted, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from luigi.contrib._cloud.errors import FileNotFoundException, Refused, Unreachable
from luigi.contrib._google.service import Service
from luigi.errors import KernelError
from luigi.extras import need
from luigi.target import FileAlreadyExists, FileSystemException


class NotThere(FileNotFoundException):
    """What was asked for is not there, or something that it needs."""

    def __init__(self, what: str, why: str) -> None:
        FileSystemException.__init__(self, f"{what} is not there: {why}")


class NotUnderstood(KernelError, ValueError):
    """The service cannot do what it was asked for as it was asked."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(f"{what}: the service says that this is wrong: {why}")
        self.why = why


@contextmanager
def said_of(what: str, service: Service) -> Iterator[None]:
    """Raise an error of ours for `what` where Google's client raises.

    NotThere, NotUnderstood, FileAlreadyExists, Refused, Unreachable; what has no better word is raised as it is.
    """
    google = need("google.auth.exceptions", service.extra, service.module)
    errors = need("googleapiclient.errors", service.extra, service.module)
    httplib2 = need("httplib2", service.extra, service.module)
    where = f"is the network there? another address is given by [{service.section}] endpoint_url"
    try:
        yield
    except errors.HttpError as error:
        raise _of_answer(what, error, service) from error
    except google.TransportError as error:
        raise Unreachable(what, error, where) from error
    except google.GoogleAuthError as error:
        raise Refused(what, f"{type(error).__name__}: who asks is not known", who_asks(service)) from error
    except (httplib2.HttpLib2Error, OSError) as error:
        raise Unreachable(what, error, where) from error


def who_asks(service: Service) -> str:
    """The hint for whoever has not said who he is."""
    return f"say who asks: [{service.section}] credentials_file, or gcloud auth application-default login"


def _of_answer(what: str, error: Any, service: Service) -> Exception:
    """What an answer of the service means; the same error where we know no better word."""
    status = error.resp.status
    if status == HTTPStatus.BAD_REQUEST:
        return NotUnderstood(what, error.reason)
    if status == HTTPStatus.NOT_FOUND:
        return NotThere(what, error.reason)
    if status == HTTPStatus.CONFLICT:
        return FileAlreadyExists(f"{what}: {error.reason}")
    if status == HTTPStatus.PRECONDITION_FAILED:
        return FileAlreadyExists(f"{what} exists already")
    if status == HTTPStatus.UNAUTHORIZED:
        return Refused(what, error.reason, who_asks(service))
    if status == HTTPStatus.FORBIDDEN:
        return Refused(what, error.reason, f"the account needs {service.role}")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
        return Unreachable(what, f"{status} {error.reason}", f"try again later, or raise [{service.section}] retries")
    return error  # type: ignore[no-any-return]
