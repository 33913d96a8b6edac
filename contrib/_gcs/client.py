"""GCSClient: the verbs of a file system, on Google Cloud Storage."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from luigi.contrib._cloud.addresses import Address
from luigi.contrib._cloud.downloaded import DownloadedFile
from luigi.contrib._cloud.file_system import ObjectFileSystem
from luigi.contrib._gcs import settings
from luigi.contrib._gcs.addresses import of_object, parse
from luigi.contrib._gcs.connection import Connection
from luigi.contrib._gcs.settings import CHUNKSIZE, DEFAULT_MIMETYPE
from luigi.contrib._gcs.store import GCSStore
from luigi.contrib._gcs.transfers import download, media_of
from luigi.contrib._google.client import GoogleClient
from luigi.extras import need
from luigi.target import FileSystemException


class WrongWildcard(FileSystemException, ValueError):
    """Only one `*` is understood, and only in the last part of a path."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path!r}: one * is understood, in the last part of the path",
            hint="such as gs://bucket/folder/part-*.csv; or choose among what listdir() gives",
        )


class GCSClient(GoogleClient[Connection, settings.Settings], ObjectFileSystem):
    """Google Cloud Storage. It can be pickled if what it was made of can.

    Who asks is `oauth_credentials`, of google-auth, or a connection `http_`; else the section `[gcs]`; else the
    application default credentials of the machine. `descriptor` is the text of a discovery document, and further
    keywords are those of `googleapiclient.discovery.build`. Up to `chunksize` bytes go in one request.
    Methods raise MissingExtra where Google's client is not installed.
    """

    def __init__(
        self,
        oauth_credentials: Any = None,
        descriptor: str = "",
        http_: Any = None,
        chunksize: int = CHUNKSIZE,
        **discovery_build_kwargs: Any,
    ) -> None:
        super().__init__(oauth_credentials, http_, descriptor, **discovery_build_kwargs)
        self.chunksize = chunksize

    def _settings(self) -> settings.Settings:
        return settings.current()

    def _connected(self, settings: settings.Settings) -> Connection:
        return Connection(settings, *self._made_of)

    @property
    def _store(self) -> GCSStore:
        return GCSStore(self._connection)

    def _parse(self, path: str) -> Address:
        return parse(path)

    # --- from one place to another, by Luigi's names -----------------------------------------------------------------

    def copy(self, source_path: str, destination_path: str) -> None:
        """As `ObjectFileSystem.copy`."""
        super().copy(source_path, destination_path)

    def move(self, source_path: str, destination_path: str) -> None:
        """As `ObjectFileSystem.move`."""
        super().move(source_path, destination_path)

    # --- bringing and fetching -------------------------------------------------------------------------------------

    def put(self, filename: str, dest_path: str, mimetype: str | None = None, chunksize: int | None = None) -> None:
        """Upload a file, which appears whole. Its kind of content is guessed unless given. Raises OSError."""
        address = of_object(dest_path)
        self._store.insert(address, media_of(os.fspath(filename), mimetype, chunksize or self.chunksize))

    def put_multiple(
        self,
        filepaths: Sequence[str],
        remote_directory: str,
        mimetype: str | None = None,
        chunksize: int | None = None,
        num_process: int = 1,
    ) -> None:
        """Upload files into a directory, `num_process` of them at a time. Raises OSError."""
        names = [f"{remote_directory.rstrip('/')}/{os.path.basename(file)}" for file in filepaths]
        with ThreadPoolExecutor(num_process, "gcs-put") as pool:
            list(pool.map(lambda file, name: self.put(file, name, mimetype, chunksize), filepaths, names))

    def put_string(self, contents: str | bytes, dest_path: str, mimetype: str | None = None) -> None:
        """Put an object with that content: text as UTF-8."""
        address = of_object(dest_path)
        body = contents.encode() if isinstance(contents, str) else contents
        http = need("googleapiclient.http", "gcs", "luigi.contrib.gcs")
        self._store.insert(address, http.MediaInMemoryUpload(body, mimetype=mimetype or DEFAULT_MIMETYPE))

    def download(
        self,
        path: str,
        chunksize: int | None = None,
        chunk_callback: Callable[[IO[bytes]], bool] = lambda _: False,
    ) -> DownloadedFile:
        """An object, fetched into a temporary file that is gone when it is closed.

        `chunk_callback` is called with the file after every chunk; when it says True that is enough.
        Raises FileNotFoundException.
        """
        return download(self._connection, of_object(path), chunksize or self.chunksize, chunk_callback)

    # --- what is there ---------------------------------------------------------------------------------------------

    def list_wildcard(self, wildcard_path: str) -> Iterator[str]:
        """Every object whose path is like that one, where `*` stands for anything. Raises WrongWildcard."""
        before, star, after = wildcard_path.partition("*")
        if not star or "*" in after or "/" in after:
            raise WrongWildcard(wildcard_path)
        address = parse(before)
        for page in self._store.pages(*address):
            for key in page.names:
                if key.endswith(after) and len(key) >= len(address.key) + len(after):
                    yield f"gs://{address.bucket}/{key}"
