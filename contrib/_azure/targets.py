"""AzureBlobTarget: a blob as a target."""

from __future__ import annotations

from typing import IO, Any

from luigi.contrib._azure.client import AzureBlobClient
from luigi.contrib._azure.streams import AtomicAzureBlobFile, ReadableAzureBlobFile
from luigi.contrib._cloud.targets import ObjectTarget
from luigi.format import Format, get_default_format
from luigi.target import InvalidMode


class AzureBlobTarget(ObjectTarget):
    """A blob of Azure, written whole or not at all, or a directory.

    `client` is an AzureBlobClient, unless the section `[azureblob]` says all; `format` what its content goes through,
    text unless given. With `download_when_reading` it is fetched whole before it is read, else piece by piece.
    `kwargs` are those of Azure's `upload_blob`, such as `content_settings`.
    """

    fs: AzureBlobClient = AzureBlobClient()  # which has no connection of its own

    def __init__(
        self,
        container: str,
        blob: str,
        client: AzureBlobClient | None = None,
        format: Format | None = None,
        download_when_reading: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(f"{container}/{blob}")
        self.container = container
        self.blob = blob
        self.format = get_default_format() if format is None else format
        self.download_when_reading = download_when_reading
        self.azure_blob_options = kwargs
        if client is not None:
            self.fs = client

    def open(self, mode: str = "r") -> IO[Any]:
        """Open for reading (`r`) or writing (`w`); whether it is text or bytes is up to the format, not to a `b`.

        What is written is uploaded when it is closed; leaving `with` by an exception uploads nothing. Raises
        FileNotFoundException, and InvalidMode for other modes.
        """
        kind = mode.replace("b", "")
        if kind == "w":
            file = AtomicAzureBlobFile(self.container, self.blob, self.fs, **self.azure_blob_options)
            return self.format.pipe_writer(file)  # type: ignore[no-any-return]
        if kind == "r":
            found = ReadableAzureBlobFile(self.container, self.blob, self.fs, self.download_when_reading)
            return self.format.pipe_reader(found)  # type: ignore[no-any-return]
        raise InvalidMode(self, mode)
