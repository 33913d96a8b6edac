"""Blobs as files: fetched first, or read piece by piece, and written whole when closed."""

from __future__ import annotations

import io
import tempfile
from typing import TYPE_CHECKING, Any

from luigi.atomic_local_file import AtomicLocalFile
from luigi.contrib._azure.errors import said_of
from luigi.contrib._cloud.downloaded import DownloadedFile
from luigi.extras import need

if TYPE_CHECKING:
    from luigi.contrib._azure.client import AzureBlobClient

AHEAD = 4 * 1024 * 1024
"""Bytes that are read at a time of what was not fetched first."""


class ReadableAzureBlobFile(io.BufferedReader):
    """The bytes of a blob: from a temporary file with `download_when_reading`, else as they are read.

    `kwargs` are those of Azure's `download_blob`. Raises FileNotFoundException.
    """

    def __init__(
        self, container: str, blob: str, client: AzureBlobClient, download_when_reading: bool, **kwargs: Any
    ) -> None:
        self.container, self.blob, self.client = container, blob, client
        fetch = _fetched if download_when_reading else _Pieces
        super().__init__(fetch(client.blob_client(container, blob), f"{container}/{blob}", kwargs), AHEAD)

    def read(self, n: int | None = None) -> bytes:
        """`n` bytes, or the rest."""
        return super().read(n)

    def seek(self, offset: int, whence: int | None = None) -> int:
        """Go on somewhere else; `whence` as for any file, from the beginning unless given."""
        return super().seek(offset, io.SEEK_SET if whence is None else whence)


def _fetched(blob: Any, path: str, options: dict[str, Any]) -> DownloadedFile:
    file = tempfile.NamedTemporaryFile(prefix="luigi-azure-")
    try:
        with said_of(path):
            blob.download_blob(**options).readinto(file)
    except BaseException:
        file.close()
        raise
    return DownloadedFile(file)


class _Pieces(io.RawIOBase):
    """The bytes of a blob, each read a request of its own, all of the same version."""

    def __init__(self, blob: Any, path: str, options: dict[str, Any]) -> None:
        self._blob, self._path, self._options = blob, path, options
        with said_of(path):
            found = blob.get_blob_properties()
        self._size, self._version = found.size, found.etag
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, start + offset)
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: Any) -> int:
        length = min(len(buffer), self._size - self._position)
        if length <= 0:
            return 0
        same = need("azure.core", "azure").MatchConditions.IfNotModified
        with said_of(self._path):
            piece = self._blob.download_blob(
                self._position, length, etag=self._version, match_condition=same, **self._options
            ).readall()
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)


class AtomicAzureBlobFile(AtomicLocalFile):
    """A file of this machine that is uploaded as that blob when it is closed: all of it is seen, or nothing.

    `kwargs` are those of Azure's `upload_blob`.
    """

    def __init__(self, container: str, blob: str, client: AzureBlobClient, **kwargs: Any) -> None:
        self.container, self.blob, self.client = container, blob, client
        self.azure_blob_options = kwargs
        super().__init__(f"{container}/{blob}")

    def move_to_final_destination(self) -> None:
        """Upload it."""
        self.client.upload(self.tmp_path, self.container, self.blob, **self.azure_blob_options)
