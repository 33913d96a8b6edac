"""Files of this machine to objects, and objects to files, in chunks."""

from __future__ import annotations

import mimetypes
import os
import tempfile
from collections.abc import Callable
from typing import IO, Any

from luigi.contrib._cloud.addresses import Address
from luigi.contrib._cloud.downloaded import DownloadedFile
from luigi.contrib._cloud.errors import FileNotFoundException
from luigi.contrib._gcs.addresses import written
from luigi.contrib._gcs.connection import Connection
from luigi.contrib._gcs.errors import said_of
from luigi.contrib._gcs.settings import DEFAULT_MIMETYPE
from luigi.contrib._gcs.store import GCSStore
from luigi.extras import need


def media_of(filename: str, mimetype: str | None, chunksize: int) -> Any:
    """What is to be uploaded: a file, and what kind of content it has; a large one goes in chunks. Raises OSError."""
    kind = mimetype or mimetypes.guess_type(filename)[0] or DEFAULT_MIMETYPE
    http = need("googleapiclient.http", "gcs", "luigi.contrib.gcs")
    large = os.path.getsize(filename) > chunksize
    return http.MediaFileUpload(filename, mimetype=kind, chunksize=chunksize, resumable=large)


def download(
    connection: Connection, address: Address, chunksize: int, chunk_callback: Callable[[IO[bytes]], bool]
) -> DownloadedFile:
    """Fetch one version of an object. Raises FileNotFoundException."""
    version, size = GCSStore(connection).generation(address)
    if version is None:
        raise FileNotFoundException(written(address))
    file = tempfile.NamedTemporaryFile(prefix="luigi-gcs-")
    try:
        if size:  # which cannot be asked for in chunks
            _fetch(connection, address, version, file, chunksize, chunk_callback)
    except BaseException:
        file.close()
        raise
    return DownloadedFile(file)


def _fetch(
    connection: Connection,
    address: Address,
    version: str,
    file: IO[bytes],
    chunksize: int,
    enough: Callable[[IO[bytes]], bool],
) -> None:
    http = need("googleapiclient.http", "gcs", "luigi.contrib.gcs")
    bucket, key = address
    request = connection.objects.get_media(bucket=bucket, object=key, generation=version)
    progress = http.MediaIoBaseDownload(file, request, chunksize=chunksize)
    done = False
    while not done:
        with said_of(written(address)), connection.turn() as request.http:
            _, done = progress.next_chunk(num_retries=connection.retries)
        if enough(file):
            return
