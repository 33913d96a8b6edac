"""Luigi's calls as its clients make them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from falcon.testing import Result, TestClient

FORM = {"Content-Type": "application/x-www-form-urlencoded"}

Post = Callable[..., Result]


@pytest.fixture
def post(app_client: TestClient) -> Post:
    """`post("add_task", task_id="A", worker="w")`: a call as Luigi's workers make it."""

    def call(method: str, /, **said: Any) -> Result:
        return app_client.simulate_post(f"/api/{method}", body=urlencode({"data": json.dumps(said)}), headers=FORM)

    return call


@pytest.fixture
def get(app_client: TestClient) -> Post:
    """`get("task_list", status="DONE")`: a call as Luigi's pages make it."""

    def call(method: str, /, **said: Any) -> Result:
        return app_client.simulate_get(f"/api/{method}", params={"data": json.dumps(said)})

    return call
