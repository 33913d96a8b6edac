"""What Dropbox's client raises, in words of ours: each error says what was wanted, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from luigi.contrib._cloud.errors import CopyIntoItself, FileNotFoundException, Refused, Unreachable
from luigi.errors import ConfigurationError
from luigi.extras import need
from luigi.target import FileAlreadyExists, FileSystemException, NotADirectory

EXTRA = "dropbox"
WHO = "luigi.contrib.dropbox"
WHO_ASKS = "see that the token is right and has not expired; [dropbox] refresh_token gets new ones"


class NoToken(ConfigurationError, ValueError):
    """Nothing says who asks."""

    def __init__(self) -> None:
        super().__init__("there is no token for Dropbox", hint="give one, or [dropbox] token or refresh_token")


class NotEmpty(FileSystemException):
    """A directory with something in it was to be removed, and not `recursive`."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is a directory with something in it", hint="remove it with recursive=True")


class NoSpace(FileSystemException, OSError):
    """The Dropbox is full."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path}: there is no space left in that Dropbox")


@contextmanager
def said_of(path: str, dest: str = "") -> Iterator[None]:
    """Raise an error of ours, for `path` and perhaps where it was to go, where Dropbox's client raises."""
    errors = need("dropbox.exceptions", EXTRA, WHO)
    requests = need("requests", EXTRA, WHO)
    try:
        yield
    except errors.ApiError as error:
        raise _of_answer(path, dest, set(_tags(error.error)), error) from error
    except errors.AuthError as error:
        raise Refused(path, " ".join(_tags(error.error)), WHO_ASKS) from error
    except errors.BadInputError as error:
        if "token" not in error.message:
            raise
        raise Refused(path, "the token is malformed", WHO_ASKS) from error
    except errors.PathRootError as error:
        raise Refused(path, "there is no such root for this account", "see [dropbox] root_namespace_id") from error
    except (errors.InternalServerError, errors.RateLimitError) as error:
        raise Unreachable(path, type(error).__name__, "try again later, or raise [dropbox] retries") from error
    except requests.RequestException as error:
        raise Unreachable(path, type(error).__name__, "is the network there?") from error


def _tags(union: Any) -> Iterator[str]:
    """What an error of Dropbox's says, from the outer words to the inner."""
    while getattr(union, "_tag", None):
        yield union._tag
        union = union._value
        union = getattr(union, "reason", union)  # an upload's is in a record


def _of_answer(path: str, dest: str, tags: set[str], error: Any) -> Exception:
    if tags & {"not_found", "malformed_path", "not_file"}:
        return FileNotFoundException(path)
    if tags & {"file_ancestor", "not_folder"}:
        return NotADirectory(f"{dest or path}: a file stands where a directory is wanted")
    if "conflict" in tags:
        return FileAlreadyExists(f"{dest or path} exists already")
    if tags & {"duplicated_or_nested_paths", "cant_move_folder_into_itself"}:
        return CopyIntoItself(path, dest)
    if tags & {"insufficient_space", "insufficient_quota"}:
        return NoSpace(dest or path)
    if tags & {"no_write_permission", "restricted_content", "no_permission", "access_error"}:
        return Refused(dest or path, ", ".join(sorted(tags)), "see what the app, and who it asks for, may do there")
    return error  # type: ignore[no-any-return]
