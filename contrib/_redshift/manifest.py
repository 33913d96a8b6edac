"""RedshiftManifestTask: writes down which objects of S3 Redshift is to load."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from luigi.contrib._s3.client import S3Client
from luigi.contrib._s3.targets import SUCCESS, S3PathTask
from luigi.parameter import ListParameter


class _Folders(ListParameter[tuple[str, ...]]):
    """Folders, written as a JSON list; a text that is none is one folder."""

    def parse(self, x: Any) -> tuple[str, ...]:
        return super().parse(x) if not isinstance(x, str) or x.startswith("[") else (x,)

    def normalize(self, x: Any) -> tuple[str, ...]:
        return super().normalize((x,) if isinstance(x, str) else x)


class RedshiftManifestTask(S3PathTask):
    """Writes a manifest to `path`, of all objects in folders: COPY with the option MANIFEST loads those, or fails."""

    folder_paths = _Folders()
    """Such as `["s3://bucket/2012-06-01/"]`."""

    text_target: bool = True
    """Whether `output()` takes text, or bytes."""

    def run(self) -> None:
        """List the folders, and write. Raises botocore's errors."""
        entries = [{"url": url, "mandatory": True} for folder in self.folder_paths for url in self._objects(folder)]
        manifest = json.dumps({"entries": entries})
        with self.output().open("w") as file:
            file.write(manifest if self.text_target else manifest.encode())

    def _objects(self, folder: str) -> Iterator[str]:
        """The addresses of what is in a folder, without objects that say no more than that it is there, or complete."""
        beginning = folder.removesuffix("/")
        for name in S3Client().list(beginning):
            if not name.endswith("/") and name.rpartition("/")[2] != SUCCESS:
                yield f"{beginning}/{name}"
