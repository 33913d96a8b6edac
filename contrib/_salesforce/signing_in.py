"""How a session with Salesforce begins: by user and password, or by an app's own right."""

from __future__ import annotations

from typing import Any, Final, NamedTuple
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from luigi.contrib._salesforce.errors import SalesforceError, reason
from luigi.contrib._web.service import WebService

SOAP_NS: Final = "{urn:partner.soap.sforce.com}"
LAST_WITH_LOGIN: Final = 64.0
"""The last version of SOAP's interface by which one can sign in."""
WHO: Final = (
    "see username, password and the security tokens, or client_id and client_secret, in the section [salesforce]"
)
LOGIN: Final = """<?xml version="1.0" encoding="utf-8"?>
<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/"><env:Body>
<n1:login xmlns:n1="urn:partner.soap.sforce.com"><n1:username>{}</n1:username><n1:password>{}</n1:password></n1:login>
</env:Body></env:Envelope>"""


class Session(NamedTuple):
    """One that has begun."""

    session_id: str
    server_url: str
    """Where all that follows is to be asked."""

    def __repr__(self) -> str:
        return f"Session({self.server_url})"


def by_password(service: WebService, url: str, version: float, username: str, password: str) -> Session:
    """`password` has the security token at its end. Raises SalesforceError, and ServiceAway."""
    answer = service.ask(
        "POST",
        f"{url}/services/Soap/u/{version}",
        data=LOGIN.format(escape(username), escape(password)).encode(),
        headers={"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": "login"},
    )
    _refuse(answer)
    root = ElementTree.fromstring(answer.content)
    found = {name: root.findtext(f".//{SOAP_NS}{name}") for name in ("sessionId", "serverUrl")}
    if not all(found.values()):
        raise SalesforceError("signing in", answer.status_code, "", "the answer names no session", WHO)
    return Session(str(found["sessionId"]), str(found["serverUrl"]))


def by_app(service: WebService, url: str, client_id: str, client_secret: str) -> Session:
    """By OAuth's client credentials. Raises SalesforceError, and ServiceAway."""
    said = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
    answer = service.ask("POST", f"{url}/services/oauth2/token", data=said)
    _refuse(answer)
    found = answer.json()
    return Session(found["access_token"], found["instance_url"])


def _refuse(answer: Any) -> None:
    if not answer.ok:
        code, message = reason(answer)
        raise SalesforceError("signing in", answer.status_code, code, message, WHO)
