"""The `[cors]` section: which other sites' pages may use Luigi's calls, `/api/<method>`, as its manual says."""

from __future__ import annotations

from luigi.parameter import BoolParameter, IntParameter, ListParameter, Parameter
from luigi.task import Config

NULL = "null"
"""The origin of a page that has none: one from a file, or in a sandbox."""


class cors(Config):
    """Who may call from elsewhere. Without `enabled`, nobody."""

    enabled = BoolParameter(default=False, description="whether other sites' pages may call at all")
    allowed_origins = ListParameter(default=[], description="their origins, as a JSON list")
    allow_any_origin = BoolParameter(default=False, description="whether all sites' pages may read")
    allow_null_origin = BoolParameter(default=False, description="whether pages without an origin may call")
    max_age = IntParameter(default=86400, description="seconds for which a browser believes this")
    allowed_methods = Parameter(default="GET, OPTIONS", description="what they may do")
    allowed_headers = Parameter(default="Accept, Content-Type, Origin", description="what they may send along")
    exposed_headers = Parameter(default="", description="what they may see of the answer's headers")
    allow_credentials = BoolParameter(default=False, description="whether they may say who uses them")

    def allow_origin(self, origin: str) -> str | None:
        """What Access-Control-Allow-Origin answers to a page of that origin; None where it may not read anything."""
        if not self.enabled:
            return None
        if origin == NULL:
            return NULL if self.allow_null_origin else None
        if self.allow_any_origin:
            return "*"
        return origin if origin in self.allowed_origins else None

    def may_change(self, origin: str) -> bool:
        """Whether a page of that origin may change something.

        Luigi lets everybody do so who finds the server. Here a page has to be allowed by name, and POST with it: a form
        needs no preflight, so the browser does not ask.
        """
        by_name = origin in self.allowed_origins if origin != NULL else self.allow_null_origin
        return self.enabled and by_name and "POST" in self.allowed_methods.upper().replace(",", " ").split()

    def headers(self, origin: str) -> dict[str, str]:
        """What an answer to a page of that origin says; nothing where it may not read it."""
        allowed = self.allow_origin(origin)
        if allowed is None:
            return {}
        said = {"Access-Control-Allow-Origin": allowed}
        if self.exposed_headers:
            said["Access-Control-Expose-Headers"] = self.exposed_headers
        if self.allow_credentials:
            said["Access-Control-Allow-Credentials"] = "true"
        return said

    def preflight(self, origin: str) -> dict[str, str]:
        """What a browser is told that asks before it lets such a page call."""
        said = self.headers(origin)
        if said:
            said["Access-Control-Max-Age"] = str(self.max_age)
            said["Access-Control-Allow-Methods"] = self.allowed_methods
            said["Access-Control-Allow-Headers"] = self.allowed_headers
        return said
