"""The kernel's own policies do what every freshness policy must do."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.clock import SYSTEM
from luigi.parameter import ParameterVisibility
from luigi.redo.policies.inputs import Inputs
from luigi.redo.policies.max_age import MaxAge
from luigi.redo.policies.parameters import Parameters
from luigi.task_register import Register
from luigi.testing.contracts import FreshnessPolicyContract


class PolicyInput(luigi.ExternalTask):
    folder = luigi.Parameter()

    def output(self) -> Any:
        return luigi.LocalTarget(f"{self.folder}/in")


class PolicyTask(PolicyInput):
    size = luigi.IntParameter(default=1, significant=False)
    key = luigi.Parameter(default="", significant=False, visibility=ParameterVisibility.PRIVATE)

    def requires(self) -> Any:
        return PolicyInput(self.folder)

    def output(self) -> Any:
        return luigi.LocalTarget(f"{self.folder}/out")


class OwnPolicy(FreshnessPolicyContract):
    kind: Callable[[], Any]
    secrets = ("s3cret",)

    @pytest.fixture
    def make(self) -> Any:
        return type(self).kind

    @pytest.fixture
    def task(self, tmp_path: Path) -> Any:
        for name in ("in", "out"):
            (tmp_path / name).write_text("")
        return PolicyTask(str(tmp_path), key="s3cret")


class TestInputs(OwnPolicy):
    kind = staticmethod(lambda: Inputs(""))

    @pytest.fixture
    def spoil(self, tmp_path: Path, task: Any) -> Any:
        def spoil() -> Any:
            later = SYSTEM.now() + 100
            os.utime(tmp_path / "in", (later, later))
            return task

        return spoil


class TestMaxAge(OwnPolicy):
    kind = staticmethod(lambda: MaxAge("1h"))

    @pytest.fixture
    def spoil(self, tmp_path: Path, task: Any) -> Any:
        def spoil() -> Any:
            os.utime(tmp_path / "out", (1e9, 1e9))
            return task

        return spoil


class TestParameters(OwnPolicy):
    kind = staticmethod(lambda: Parameters(""))
    remembers = True

    @pytest.fixture
    def spoil(self, tmp_path: Path) -> Any:
        def spoil() -> Any:
            Register.clear_instance_cache()
            return PolicyTask(str(tmp_path), size=4, key="s3cret")

        return spoil
