"""What can go wrong with files in the cloud, said alike for every service."""

from __future__ import annotations

import builtins

from luigi.target import FileSystemException


class InvalidDeleteException(FileSystemException):
    """A bucket, or without `recursive` a directory, was to be removed."""


class FileNotFoundException(FileSystemException, builtins.FileNotFoundError):
    """There is nothing at the address."""

    def __init__(self, path: str) -> None:
        super().__init__(f"there is nothing at {path}")


class NoAddress(FileSystemException, ValueError):
    """A text is no address of something in that service."""

    def __init__(self, path: object, expected: str, example: str) -> None:
        super().__init__(f"{path!r} is no address of {expected}", hint=f"such as {example}")


class NotADirectoryPath(FileSystemException, ValueError):
    """A flag is in a directory, and the path given is not that of one."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} does not say that it is a directory", hint="end it with a slash")


class CopyIntoItself(FileSystemException):
    """Something was to be copied or moved to where it is, or into itself."""

    def __init__(self, source: str, destination: str) -> None:
        super().__init__(f"{source} cannot be copied or moved to {destination}: that is itself, or in it")


class NoBucket(FileSystemException):
    """The bucket, or container, does not exist."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(
            f"there is no {kind} {name}", hint="make it first, or correct the name: nothing here makes one"
        )


class Refused(FileSystemException, PermissionError):
    """The service does not let us: who asks is not known to it, or may not do that."""

    def __init__(self, what: str, why: str, hint: str) -> None:
        super().__init__(f"{what}: the service refuses: {why}", hint=hint)


class Unreachable(FileSystemException, ConnectionError):
    """The service did not answer, also when asked again."""

    def __init__(self, what: str, why: object, hint: str) -> None:
        super().__init__(f"{what}: the service does not answer: {why}", hint=hint)
