"""A connection to Salesforce: signs in, and asks; when a session has ended, it signs in again and asks once more."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import IO, Any, Final, Self
from urllib.parse import urlsplit

from luigi.contrib._salesforce import signing_in
from luigi.contrib._salesforce.errors import SESSION_ENDED, SalesforceError, reason
from luigi.contrib._salesforce.settings import salesforce
from luigi.contrib._web.service import WebService
from luigi.errors import KernelError

EXTRA: Final = "salesforce"
PLACE: Final = "see login_url in the section [salesforce]"
LOGIN_URL: Final = "https://login.salesforce.com"
SANDBOX_LOGIN_URL: Final = "https://test.salesforce.com"


class Connection:
    """Who asks, and the session. Where to sign in, and how patiently, says the section `[salesforce]`."""

    API_VERSION = 34.0
    """The version of all that is asked, in a subclass another one."""
    SOAP_NS = signing_in.SOAP_NS
    API_NS = "{http://www.force.com/2009/06/asyncapi/dataload}"

    def __init__(
        self,
        username: str,
        password: str,
        security_token: str,
        sb_token: str | None = None,
        sandbox_name: str | None = None,
    ) -> None:
        self.username = f"{username}.{sandbox_name}" if sandbox_name else username
        self.password = password
        self.security_token = security_token
        self.sb_security_token = sb_token
        self.sandbox_name = sandbox_name
        self.session_id: str | None = None
        self.server_url: str | None = None
        self.hostname: str | None = None
        self._settings = salesforce()
        self._service = WebService(
            "Salesforce", EXTRA, hint=PLACE, timeout=self._settings.timeout, retries=self._settings.retries
        )

    def start_session(self) -> None:
        """Sign in. Raises SalesforceError, ServiceAway, and KernelError when that was done before."""
        if self.has_active_session():
            raise KernelError("Session already in progress.", hint="one is enough: it is renewed when it has ended")
        session = self._signed_in()
        self.session_id, self.server_url = session
        self.hostname = urlsplit(session.server_url).netloc

    def has_active_session(self) -> bool:
        """Whether that was done. Salesforce may have ended the session since: it is renewed when it is needed."""
        return bool(self.session_id and self.server_url)

    def _in_haste(self) -> Self:
        """The same session, of which an answer is not waited for."""
        other = copy(self)
        other._service = self._service.in_haste()
        return other

    def _signed_in(self) -> signing_in.Session:
        settings, sandbox = self._settings, self.sandbox_name
        url = (settings.login_url or (SANDBOX_LOGIN_URL if sandbox else LOGIN_URL)).rstrip("/")
        if settings.client_id:
            return signing_in.by_app(self._service, url, settings.client_id, settings.client_secret)
        token = (self.sb_security_token if sandbox else self.security_token) or ""
        version = min(self.API_VERSION, signing_in.LAST_WITH_LOGIN)
        return signing_in.by_password(self._service, url, version, self.username, self.password + token)

    def _ask(self, what: str, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any) -> Any:
        """The answer, which is no error. Raises SalesforceError, and ServiceAway."""
        return self._renewed(
            what, lambda: self._service.ask(method, self._url(path), headers=self._headers(path, headers), **more)
        )

    def _fetch(self, what: str, path: str, file: IO[bytes]) -> None:
        """Write an answer to a file. Raises as `_ask` does, and OSError."""
        self._renewed(what, lambda: self._service.fetch(self._url(path), file, headers=self._headers(path)))

    def _renewed(self, what: str, ask: Callable[[], Any]) -> Any:
        if not self.has_active_session():
            self.start_session()
        answer = ask()
        if not answer.ok and reason(answer)[0] in SESSION_ENDED:
            self.session_id = None
            self.start_session()
            answer = ask()
        if not answer.ok:
            raise SalesforceError(what, answer.status_code, *reason(answer))
        return answer

    def _url(self, path: str) -> str:
        return f"{urlsplit(str(self.server_url)).scheme}://{self.hostname}{path}"

    def _headers(self, path: str, more: dict[str, str] | None = None) -> dict[str, str]:
        """The bulk interface knows us by another header than the rest."""
        is_bulk = path.startswith("/services/async/")
        who = {"X-SFDC-Session": str(self.session_id)} if is_bulk else {"Authorization": f"Bearer {self.session_id}"}
        return {**who, **(more or {})}
