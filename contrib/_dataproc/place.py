"""Where in Dataproc something is: a project, a region, and the cluster there."""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import quote

CONSOLE: Final = "https://console.cloud.google.com/dataproc"


class Place(NamedTuple):
    """A cluster, which may be there or not."""

    project: str
    region: str
    cluster: str

    @property
    def where(self) -> dict[str, str]:
        """As the service's methods take it."""
        return {"projectId": self.project, "region": self.region}

    def url(self, kind: str, name: str) -> str:
        """Where a person can see a thing of that kind: jobs, clusters."""
        return f"{CONSOLE}/{kind}/{quote(name, safe='')}?region={quote(self.region)}&project={quote(self.project)}"
