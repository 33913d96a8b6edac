"""A guarded server: a token for each role, and clients that show them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from falcon.testing import TestClient

from luigi.authentication import ROLES
from luigi.server.guard import token_file
from luigi.server.guard.tokens import digest_of, new_secret, token


@pytest.fixture
def tokens_file(tmp_path: Path) -> Path:
    return tmp_path / "tokens"


@pytest.fixture
def secrets(tokens_file: Path) -> dict[str, str]:
    """The secret of each role's token; the token is called as its role."""
    made = {role: new_secret() for role in ROLES}
    for role, secret in made.items():
        token_file.add(tokens_file, token(role, role, digest_of(secret)))
    return made


@pytest.fixture
def as_role(secrets: dict[str, str]) -> Callable[..., dict[str, str]]:
    """Headers of a call by somebody of that role, and further ones."""

    def headers(role: str, **further: str) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in further.items()}
        return {"Authorization": f"Bearer {secrets[role]}", **named}

    return headers


@pytest.fixture
def guarded_by(client_of: Callable[..., TestClient], secrets: dict[str, str], tokens_file: Path) -> Callable[..., Any]:
    """Makes a client of a server with tokens, and further settings."""
    return lambda **settings: client_of(tokens_file=str(tokens_file), **settings)


@pytest.fixture
def guarded(guarded_by: Callable[..., TestClient]) -> TestClient:
    return guarded_by()
