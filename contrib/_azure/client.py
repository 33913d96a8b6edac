"""AzureBlobClient: the verbs of a file system, on Azure's blobs."""

from __future__ import annotations

import os
from typing import Any

from luigi.contrib._azure import connection, settings
from luigi.contrib._azure.errors import said_of
from luigi.contrib._azure.store import AzureStore
from luigi.contrib._cloud.addresses import Address
from luigi.contrib._cloud.errors import NoAddress
from luigi.contrib._cloud.file_system import ObjectFileSystem
from luigi.extras import need

SCHEME = "azure://"


class AzureBlobClient(ObjectFileSystem):
    """Blobs of a storage account of Azure, at paths `container/blob`. It can be pickled if what it was made of can.

    What is not given is taken from the section `[azureblob]`. `kwargs` are options of that section, or keywords of
    Azure's BlobServiceClient, or `token_credential`, which says who asks in place of a key.
    Methods raise MissingExtra where Azure's client is not installed, and NoAccount where nothing says which account.
    """

    bucket_is_called = "container"

    def __init__(
        self,
        account_name: str | None = None,
        account_key: str | None = None,
        sas_token: str | None = None,
        **kwargs: Any,
    ) -> None:
        named = {"account_name": account_name, "account_key": account_key, "sas_token": sas_token, **kwargs}
        given = {name: value for name, value in named.items() if value is not None}
        self._given = {name: value for name, value in given.items() if name in settings.NAMES}
        self._more = {name: value for name, value in given.items() if name not in settings.NAMES}
        self._connections: dict[tuple[int, settings.Settings], Any] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_connections": {}}

    @property
    def connection(self) -> Any:
        """Azure's BlobServiceClient of this process, as it is configured now."""
        key = (os.getpid(), settings.current(self._given))  # a child must not read its parent's answers
        if key not in self._connections:
            self._connections = {key: connection.connected(key[1], self._more)}
        return self._connections[key]

    @property
    def _store(self) -> AzureStore:
        return AzureStore(self.connection)

    def _parse(self, path: str) -> Address:
        container, key = self.splitfilepath(path.removeprefix(SCHEME))
        if not container:
            raise NoAddress(path, "anything in Azure's blobs", "container/folder/name")
        return Address(container, key or "")

    @staticmethod
    def splitfilepath(filepath: str) -> tuple[str, str | None]:
        """The container and the blob that a path names; None for the blob where it names a container only."""
        container, slash, blob = filepath.partition("/")
        return container, blob if slash else None

    # --- containers, and what Azure has for them ---------------------------------------------------------------------

    def container_client(self, container_name: str) -> Any:
        """Azure's ContainerClient."""
        return self.connection.get_container_client(container_name)

    def blob_client(self, container_name: str, blob_name: str) -> Any:
        """Azure's BlobClient."""
        return self.connection.get_blob_client(container_name, blob_name)

    def create_container(self, container_name: str) -> Any:
        """Make a container, and give Azure's ContainerClient of it; None when there was one."""
        exists = need("azure.core.exceptions", connection.EXTRA).ResourceExistsError
        try:
            with said_of(container_name):
                return self.connection.create_container(container_name)
        except exists:
            return None

    def delete_container(self, container_name: str) -> None:
        """Remove a container with all that is in it. Raises NoBucket."""
        with said_of(container_name):
            self.container_client(container_name).delete_container()

    # --- bringing and fetching ---------------------------------------------------------------------------------------

    def upload(self, tmp_path: str, container: str, blob: str, **kwargs: Any) -> None:
        """Upload a file, which appears whole. `kwargs` are those of Azure's `upload_blob`. Raises OSError."""
        options = {"overwrite": True, **kwargs}
        with open(tmp_path, "rb") as file, said_of(f"{container}/{blob}"):
            self.blob_client(container, blob).upload_blob(file, **options)

    def download_as_bytes(self, container: str, blob: str, bytes_to_read: int | None = None) -> bytes:
        """The content of a blob, or as many of its first bytes. Raises FileNotFoundException."""
        with said_of(f"{container}/{blob}"):
            content = (
                self.blob_client(container, blob).download_blob().read(-1 if bytes_to_read is None else bytes_to_read)
            )
        return bytes(content)

    def download_as_file(self, container: str, blob: str, location: str) -> Any:
        """Fetch a blob into a file, which appears whole, and give its properties. Raises FileNotFoundException."""
        from luigi.format import Nop
        from luigi.local_target import LocalTarget

        with LocalTarget(location, format=Nop).open("w") as file, said_of(f"{container}/{blob}"):
            found = self.blob_client(container, blob).download_blob()
            found.readinto(file)
        return found.properties

    def move(self, path: str, dest: str) -> bool:  # type: ignore[override]  # Luigi says True
        """Copy, and then remove what was copied. Raises as `copy` does."""
        super().move(path, dest)
        return True
