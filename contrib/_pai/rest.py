"""The REST server of OpenPAI: a token, and what can be done with a job by its name."""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import quote

from luigi.contrib._pai.description import PaiJob, slot_to_dict
from luigi.contrib._pai.errors import PaiError
from luigi.contrib._pai.settings import OpenPai
from luigi.contrib._web.service import WebService

EXTRA: Final = "pai"
PLACE: Final = "see pai_url in the section [OpenPai]"
WHO: Final = "see username and password in the section [OpenPai]"


class PaiRest:
    """What a task asks of OpenPAI. Methods raise PaiError, and ServiceAway."""

    def __init__(self, settings: OpenPai) -> None:
        self._settings = settings
        self._service = WebService("OpenPAI", EXTRA, hint=PLACE, timeout=settings.timeout, retries=settings.retries)
        self._token = ""

    def job(self, name: str) -> dict[str, Any] | None:
        """All that it says of a job; None when there is none of that name."""
        answer = self._ask("GET", self._place(name), f"looking at job {name}", absent=True)
        found: dict[str, Any] | None = None if answer is None else answer.json()
        return found

    def submit(self, job: PaiJob) -> bool:
        """Hand it over; False when there is one of that name already."""
        what = f"submitting job {job.jobName}"
        return self._ask("POST", self._place(), what, json.dumps(job, default=slot_to_dict), taken=True) is not None

    def stop(self, name: str) -> None:
        """End it. It is not waited for."""
        self._service = self._service.in_haste()
        self._ask("PUT", self._place(name, "executionType"), f"stopping job {name}", '{"value": "STOP"}', absent=True)

    def _place(self, *names: str) -> str:
        jobs = self._settings.jobs_path.replace("{username}", quote(self._settings.username, safe=""))
        return "/".join([self._url(jobs), *(quote(name, safe="") for name in names)])

    def _url(self, path: str) -> str:
        return f"{self._settings.pai_url.rstrip('/')}/{path.strip('/')}"

    def _ask(
        self, method: str, url: str, what: str, body: str | None = None, *, absent: bool = False, taken: bool = False
    ) -> Any:
        """The answer; None where `absent` or `taken` allow that there is no such job, or one already."""
        answer = self._asked(method, url, body)
        if answer.status_code == 401:  # the token has expired
            self._token = ""
            answer = self._asked(method, url, body)
        if (absent and answer.status_code == 404) or (taken and answer.status_code == 409):
            return None
        if not answer.ok:
            raise _refusal(what, answer, WHO if answer.status_code in (401, 403) else "")
        return answer

    def _asked(self, method: str, url: str, body: str | None) -> Any:
        self._token = self._token or self._new_token()
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        return self._service.ask(method, url, data=body, headers=headers)

    def _new_token(self) -> str:
        settings = self._settings
        said = {"username": settings.username, "password": settings.password, "expiration": settings.expiration}
        answer = self._service.ask("POST", self._url("api/v1/token"), json=said)
        if not answer.ok:
            raise _refusal("signing in", answer, WHO)
        return str(answer.json()["token"])


def _refusal(what: str, answer: Any, hint: str) -> PaiError:
    try:
        said = answer.json()
        code, message = said.get("code", ""), said.get("message", "")
    except (ValueError, AttributeError):  # it comes from what stands before it
        code, message = "", answer.reason
    return PaiError(what, answer.status_code, code, message, hint)
