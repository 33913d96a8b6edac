"""What Azure's client raises, in words of ours: each error says what was wanted, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from luigi.contrib._cloud.errors import FileNotFoundException, NoBucket, Refused, Unreachable
from luigi.errors import ConfigurationError
from luigi.extras import need
from luigi.target import FileAlreadyExists

WHO_ASKS = "account_name with account_key or sas_token, or a connection_string: in [azureblob], or given to the client"
SEE = f"see that they are right, and allow it: {WHO_ASKS}"
WHERE = "is the network there, and [azureblob] account_name right?"


class NoAccount(ConfigurationError):
    """Nothing says which account, or who asks."""

    def __init__(self) -> None:
        super().__init__("no storage account of Azure is configured", hint=f"say {WHO_ASKS}")


class WrongConnectionString(ConfigurationError):
    """What was given as one is none; it is not shown, for it has a key in it."""

    def __init__(self) -> None:
        super().__init__("the connection_string is none of Azure's", hint="copy it whole from Azure's portal")


class CopyFailed(OSError):
    """Azure began to copy, and gave up."""

    def __init__(self, path: str, why: object) -> None:
        super().__init__(f"{path} was not copied: {why}")


@contextmanager
def said_of(path: str) -> Iterator[None]:
    """Raise for `path` what ObjectStore's methods raise, where Azure's client raises."""
    azure = need("azure.core.exceptions", "azure", "luigi.contrib.azureblob")
    try:
        yield
    except azure.ClientAuthenticationError as error:  # also one that was never sent: the key is none
        raise Refused(path, _code(error), SEE) from error
    except azure.HttpResponseError as error:
        raise _of_answer(path, error) from error
    except (azure.ServiceRequestError, azure.ServiceResponseError) as error:
        raise Unreachable(path, type(error).__name__, WHERE) from error


def _of_answer(path: str, error: Any) -> Exception:
    """What an answer of the service means; the same error where we know no better word."""
    code = _code(error)
    if code == "ContainerNotFound":
        return NoBucket("container", path.partition("/")[0])
    if error.status_code == HTTPStatus.NOT_FOUND:
        return FileNotFoundException(path)
    if error.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return Refused(path, code, SEE)
    if code in {"BlobAlreadyExists", "TargetConditionNotMet"}:
        return FileAlreadyExists(f"{path} exists already")
    if (error.status_code or 0) >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unreachable(path, f"{error.status_code} {code}", "try again later, or raise [azureblob] retries")
    return error  # type: ignore[no-any-return]


def _code(error: Any) -> str:
    return str(getattr(error, "error_code", None) or error.reason or type(error).__name__)
