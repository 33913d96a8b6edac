"""The `service` marker: starts what it names, skips without it, and fails without it where services are required."""

from __future__ import annotations

from pathlib import Path

import pytest

CONFTEST = Path(__file__).parents[1] / "conftest.py"
FIXTURES = """
import pytest

@pytest.fixture
def present_service():
    return "127.0.0.1:1"

@pytest.fixture
def absent_service():
    pytest.skip("absentd is not installed")
"""
TESTS = """
import pytest

@pytest.mark.service("present")
def test_with_present(request):
    assert request.getfixturevalue("present_service") == "127.0.0.1:1"

@pytest.mark.service("present")
@pytest.mark.service("absent")
def test_with_both():
    raise AssertionError("must not run")

def test_without():
    pytest.skip("for a reason of its own")
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeconftest(CONFTEST.read_text() + FIXTURES)
    pytester.makeini("[pytest]\nmarkers = service(name): needs a real server\naddopts = --strict-markers -rs")
    pytester.makepyfile(TESTS)
    return pytester


def test_a_missing_service_skips_with_its_reason(project: pytest.Pytester) -> None:
    result = project.runpytest()
    result.assert_outcomes(passed=1, skipped=2)
    result.stdout.fnmatch_lines(["*absentd is not installed*"])


def test_a_missing_service_fails_where_services_are_required(project: pytest.Pytester) -> None:
    result = project.runpytest("--require-services")
    result.assert_outcomes(passed=1, skipped=1, errors=1)
    result.stdout.fnmatch_lines(["--require-services (absent, present):*absentd is not installed*"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_a_service_that_nobody_starts_is_an_error(project: pytest.Pytester) -> None:
    project.makepyfile("import pytest\n\n@pytest.mark.service('unheard')\ndef test_it():\n    pass\n")
    result = project.runpytest()
    result.stdout.fnmatch_lines(["*fixture 'unheard_service' not found*"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED
