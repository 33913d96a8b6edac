"""DockerTask where there is no Docker: what it is unless it is said, and what it says is missing."""

from __future__ import annotations

import sys

import pytest

from luigi.contrib import docker_runner
from luigi.contrib.docker_runner import DockerTask
from luigi.errors import MissingExtra

LUIGIS = {
    "auto_remove": True,
    "binds": None,
    "command": "echo hello world",
    "container_options": {},
    "container_tmp_dir": "/tmp/luigi",
    "docker_url": None,
    "environment": {},
    "force_pull": False,
    "host_config_options": {},
    "image": "alpine",
    "mount_tmp": True,
    "name": None,
    "network_mode": "",
}


def test_properties_are_luigis() -> None:
    assert {name: getattr(DockerTask(), name) for name in LUIGIS} == LUIGIS


def test_without_the_client_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docker", None)
    assert docker_runner.docker is None
    with pytest.raises(MissingExtra, match="docker") as error:
        DockerTask().run()
    assert "luigi-kernel[docker]" in error.value.hint


def test_the_client_is_where_luigi_has_it() -> None:
    assert docker_runner.docker.__name__ == "docker"
