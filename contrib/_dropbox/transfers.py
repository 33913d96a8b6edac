"""Files of this machine to Dropbox, large ones in parts, and files of Dropbox to this machine."""

from __future__ import annotations

import os
import tempfile
from typing import IO, Any

from luigi.contrib._cloud.downloaded import DownloadedFile
from luigi.contrib._dropbox.errors import EXTRA, said_of
from luigi.extras import need

PART = 8 * 1024 * 1024
"""Bytes that are sent in one request: the multiple of four MiB that Dropbox asks for."""

PIECE = 1024 * 1024
"""Bytes that are written at a time of what comes."""


def upload(connection: Any, file: str, path: str, *, replace: bool) -> None:
    """Put a file, which appears whole. Raises OSError, and FileAlreadyExists unless `replace`."""
    kinds = need("dropbox.files", EXTRA)
    mode = kinds.WriteMode.overwrite if replace else kinds.WriteMode.add
    how = {"mode": mode, "strict_conflict": not replace, "mute": True}
    with open(file, "rb") as stream, said_of(path):
        if os.path.getsize(file) <= PART:
            connection.files_upload(stream.read(), path, **how)
        else:
            _upload_parts(connection, stream, kinds.CommitInfo(path, **how))


def _upload_parts(connection: Any, stream: IO[bytes], commit: Any) -> None:
    """Send a file in parts; nothing is seen of them before the last."""
    kinds = need("dropbox.files", EXTRA)
    part = stream.read(PART)
    cursor = kinds.UploadSessionCursor(connection.files_upload_session_start(part).session_id, len(part))
    part = stream.read(PART)
    while len(part) == PART:
        connection.files_upload_session_append_v2(part, cursor)
        cursor.offset += len(part)
        part = stream.read(PART)
    connection.files_upload_session_finish(part, cursor, commit)


def download(connection: Any, path: str) -> DownloadedFile:
    """Fetch a file. Raises FileNotFoundException."""
    file = tempfile.NamedTemporaryFile(prefix="luigi-dropbox-")
    try:
        with said_of(path):
            _, answer = connection.files_download(path)
            with answer:
                for piece in answer.iter_content(PIECE):
                    file.write(piece)
    except BaseException:
        file.close()
        raise
    return DownloadedFile(file)
