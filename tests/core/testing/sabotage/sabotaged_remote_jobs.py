"""Tasks whose job is a process, which do one thing wrong, each with the tests of the suite that must find it out."""

from __future__ import annotations

import contextlib
import os
import subprocess

import pytest

import luigi
from luigi.contrib import remote_job
from luigi.contrib.remote_job import JobState, RemoteJob
from luigi.testing.contracts import RemoteJobContract

SUITE = RemoteJobContract


class Shell(RemoteJob):
    kind = "shell"

    def __init__(self, lines, pid):
        self.lines, self.pid = lines, pid

    def submit(self):
        self.process = subprocess.Popen(["sh", "-c", self.lines], stdout=subprocess.PIPE, start_new_session=True)
        self.pid.write_text(str(self.process.pid))
        return str(self.process.pid)

    def look(self, job_id):
        code = self.process.poll()
        return JobState(f"code {code}", code is not None, code == 0, tracking_url="http://here")

    def cancel(self, job_id):
        self.process.kill()
        self.process.wait()

    def last_output(self, job_id):
        return self.process.stdout.read().decode()


class ShellJob(luigi.Task):
    lines = luigi.Parameter()
    pid = luigi.PathParameter()
    kind = Shell
    ended = False

    def run(self):
        remote_job.run(self.kind(self.lines, self.pid), self, 0.01)
        self.ended = True

    def complete(self):
        return self.ended


class TestSound(RemoteJobContract):
    caught_by = set()
    last_words = "out of paper"
    says_where = True
    patience = 3.0
    task = ShellJob

    @pytest.fixture(autouse=True)
    def _place(self, tmp_path):
        self.pid = tmp_path / "pid"
        yield
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            os.killpg(int(self.pid.read_text()), 9)

    def succeeding(self):
        return self.task(lines="true", pid=self.pid)

    def failing(self):
        return self.task(lines="echo out of paper; exit 3", pid=self.pid)

    def endless(self):
        return self.task(lines="exec sleep 60", pid=self.pid)

    def is_running(self, task):
        if not self.pid.exists():
            return False
        try:
            os.kill(int(self.pid.read_text()), 0)
        except ProcessLookupError:
            return False
        return True


class TestFailsInSilence(TestSound):
    caught_by = {"test_a_job_that_fails_fails_its_task_with_the_last_that_it_printed"}

    class task(ShellJob):
        class kind(Shell):
            def last_output(self, job_id):
                return ""


class TestNeverFails(TestSound):
    caught_by = {"test_a_job_that_fails_fails_its_task_with_the_last_that_it_printed"}

    class task(ShellJob):
        class kind(Shell):
            def look(self, job_id):
                return super().look(job_id)._replace(succeeded=True)


class TestNeverSucceeds(TestSound):
    caught_by = {"test_a_job_that_succeeds_completes_its_task", "test_where_the_job_can_be_followed_is_said"}

    class task(ShellJob):
        class kind(Shell):
            def look(self, job_id):
                return super().look(job_id)._replace(succeeded=False)


class TestLeavesItsJobBehind(TestSound):
    caught_by = {"test_a_task_that_is_ended_takes_its_job_with_it"}

    class task(ShellJob):
        class kind(Shell):
            def cancel(self, job_id):
                """Nothing."""


class TestSaysNowhere(TestSound):
    caught_by = {"test_where_the_job_can_be_followed_is_said"}

    class task(ShellJob):
        class kind(Shell):
            def look(self, job_id):
                return super().look(job_id)._replace(tracking_url="")
