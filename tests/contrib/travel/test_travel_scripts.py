"""Tasks of the program that was started itself: `__main__`."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Sender

SCRIPT = """
    import luigi

    class Base(luigi.Task):
        number = luigi.IntParameter(default=7)

    class Job(Base):
        class Inner:
            pass

        def work(self):
            print(__name__, self.number, type(self).__module__, type(self.kept).__qualname__)

    if __name__ == "__main__":
        from sending import send
        job = Job(number=3)
        job.kept = Job.Inner()
        send(job)
"""


@pytest.mark.parametrize(
    ("file", "module"),
    [("job.py", "job"), ("my-job.v2.py", "my_job_v2"), ("jobs/deep.py", "deep"), ("no_suffix", "no_suffix")],
)
def test_a_script_is_a_module_there(sender: Sender, file: str, module: str) -> None:
    sender.write({file: SCRIPT})
    command = sender.send(file)
    assert sender.archived(command) == [f"{module}.py"]
    assert sender.said(command) == f"{module} 3 {module} Job.Inner"


def test_a_script_does_not_hide_a_module_of_the_standard_library(sender: Sender) -> None:
    sender.write({"queue.py": SCRIPT})
    assert sender.said(sender.send("-P", "queue.py")) == "queue_ 3 queue_ Job.Inner"


def test_a_module_that_was_started_brings_its_package(sender: Sender) -> None:
    sender.write({"jobs/__init__.py": "", "jobs/words.py": SCRIPT, "jobs/other.py": ""})
    command = sender.send("-m", "jobs.words")
    assert sender.archived(command) == ["jobs/__init__.py", "jobs/other.py", "jobs/words.py"]
    assert sender.said(command) == "jobs.words 3 jobs.words Job.Inner"


def test_a_package_that_was_started(sender: Sender) -> None:
    sender.write({"jobs/__init__.py": "", "jobs/__main__.py": SCRIPT})
    assert sender.said(sender.send("-m", "jobs")) == "jobs.__main__ 3 jobs.__main__ Job.Inner"


def test_a_module_that_was_started_by_its_name_alone(sender: Sender) -> None:
    sender.write({"single.py": SCRIPT})
    assert sender.said(sender.send("-m", "single")) == "single 3 single Job.Inner"


def test_a_zip_archive_that_was_started(sender: Sender) -> None:
    sender.zip("app.zip", {"__main__.py": SCRIPT})
    assert sender.said(sender.send("app.zip")) == "app 3 app Job.Inner"


def test_a_folder_that_was_started(sender: Sender) -> None:
    sender.write({"app/__main__.py": SCRIPT})
    assert sender.said(sender.send("app")) == "app 3 app Job.Inner"


def test_in_a_process_that_multiprocessing_has_spawned(sender: Sender) -> None:
    spawning = """
def tell():
    from sending import send
    send(Job(number=3))

if __name__ == "__main__":
    import multiprocessing
    process = multiprocessing.get_context("spawn").Process(target=tell)
    process.start()
    process.join()
"""
    classes = SCRIPT.partition("    if __name__")[0].replace(", type(self.kept).__qualname__", "")
    sender.write({"job.py": classes + textwrap.indent(spawning, "    ")})
    assert sender.said(sender.send("job.py")) == "job 3 job"


def test_what_was_typed_at_a_prompt_is_in_no_file(sender: Sender) -> None:
    typed = """
import luigi
class Job(luigi.Task): pass
from sending import send
from luigi.contrib._travel.script import NoScript
try: send(Job())
except NoScript as error: print(error, error.hint, sep="|")
"""
    assert sender.start("-c", typed).stdout == (
        "a class or function of `__main__` cannot be sent to another machine: it is in no file|"
        "put it into a module, and import that\n"
    )


def test_what_came_by_a_pipe_may_send_a_task_of_a_module(sender: Sender) -> None:
    sender.write({"job.py": SCRIPT.replace(", type(self.kept).__qualname__", "")})
    command = sender.send("-", typed="from job import Job; from sending import send; send(Job(number=3))")
    assert sender.archived(command) == ["job.py"]
    assert sender.said(command) == "job 3 job"


def test_a_class_within_a_function_is_not_to_be_found_there(sender: Sender) -> None:
    local = """
        import luigi
        from luigi.contrib._travel.parcel import TaskStays
        from sending import send

        def make():
            class Job(luigi.Task): pass
            return Job

        try:
            send(make()())
        except TaskStays as error:
            print(error, error.hint, sep="|")
    """
    sender.write({"job.py": local, "module.py": local})
    said = "define its class at the top of a module, and give it values that can be pickled"
    ran = sender.start("job.py").stdout
    assert ran.startswith("Job() cannot be sent to another machine: make.<locals>.Job is not to be found by that name|")
    assert ran.endswith(f"|{said}\n")
    assert said in sender.start("-c", "import module").stdout
