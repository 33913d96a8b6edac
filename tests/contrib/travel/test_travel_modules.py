"""A task's code gets to another machine, wherever it lies on this one."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import luigi

if TYPE_CHECKING:
    from conftest import Sender

JOB = """
    import luigi

    class Job(luigi.Task):
        number = luigi.IntParameter(default=7)

        def work(self):
            print(__name__, self.number)
"""
SENDING = """
    from sending import send
    from {module} import Job
    send(Job(number=3))
"""


def sending(module: str) -> str:
    return SENDING.format(module=module)


def test_a_module(sender: Sender) -> None:
    sender.write({"job.py": JOB, "start.py": sending("job"), "other.py": "wrong = 1/0"})
    command = sender.send("start.py")
    assert sender.archived(command) == ["job.py"]
    assert sender.said(command) == "job 3"


def test_a_package_with_all_that_is_in_it_but_what_is_compiled_or_hidden(sender: Sender) -> None:
    job = JOB.replace("print(", "from words import data; print(data.read(), ")
    sender.write(
        {
            "words/__init__.py": "",
            "words/deep/jobs.py": job,
            "words/deep/__init__.py": "",
            "words/data.py": "import pathlib\ndef read(): return pathlib.Path(__file__).with_name('a.txt').read_text()",
            "words/a.txt": "text",
            "words/old.pyc": "",
            "words/.env": "PASSWORD=hunter2",
            "words/.git/config": "",
            "start.py": sending("words.deep.jobs"),
        }
    )
    (sender.folder / "words" / "loop").symlink_to(sender.folder / "words")
    command = sender.send("start.py")
    names = ["__init__.py", "a.txt", "data.py", "deep/__init__.py", "deep/jobs.py"]
    assert sender.archived(command) == [f"words/{name}" for name in names]
    assert sender.said(command) == "text words.deep.jobs 3"


def test_the_packages_of_its_bases_and_of_values(sender: Sender) -> None:
    sender.write(
        {
            "a/templates/__init__.py": "import luigi\nclass Template(luigi.Task):\n  def work(self): print(self.value)",
            "b/colours.py": "import enum\nclass Colour(enum.Enum):\n  RED = 1",
            "c/others.py": "import luigi\nclass Other(luigi.Task): pass",
            "job.py": """
                import luigi, templates
                class Job(templates.Template):
                    value = luigi.Parameter()
                    other = luigi.Parameter(significant=False)
            """,
            "start.py": """
                import warnings; warnings.simplefilter("ignore")
                from sending import send
                from colours import Colour
                from others import Other
                from job import Job
                send(Job(value=Colour.RED, other=Other()))
            """,
        }
    )
    command = sender.send("start.py", paths=["a", "b", "c"])
    assert sender.archived(command) == ["colours.py", "job.py", "others.py", "templates/__init__.py"]
    assert sender.said(command) == "Colour.RED"


def test_what_is_installed_is_expected_there_but_for_the_tasks_own(sender: Sender) -> None:
    sender.write(
        {
            "job.py": JOB,
            "start.py": """
                import warnings; warnings.simplefilter("ignore")
                from dateutil.relativedelta import relativedelta
                from sending import send
                from job import Job
                job = Job()
                job.kept = relativedelta(days=1)
                send(job)
            """,
        }
    )
    command = sender.send("start.py")
    assert sender.archived(command) == ["job.py"]
    assert "No module named 'dateutil'" in sender.arrive(command).stderr
    sender.write(
        {"start.py": (sender.folder / "start.py").read_text().replace("send(job)", "send(job, 'dateutil', 'six')")}
    )
    command = sender.send("start.py")
    assert {"six.py", "dateutil/__init__.py"} < set(sender.archived(command))
    assert sender.said(command) == "job 7"


def test_modules_that_are_asked_for(sender: Sender) -> None:
    job = JOB.replace("print(", "import extra, more; print(extra.x, more.x, ")
    sender.write({"job.py": job, "extra.py": "x = 1", "more/__init__.py": "x = 2", "more/inner.py": ""})
    sender.write(
        {
            "start.py": sending("job").replace(
                "send(Job(number=3))", "import extra; send(Job(number=3), extra, 'more.inner')"
            )
        }
    )
    command = sender.send("start.py")
    assert sender.archived(command) == ["extra.py", "job.py", "more/__init__.py", "more/inner.py"]
    assert sender.said(command) == "1 2 job 3"


def test_what_its_code_imports_that_is_not_installed(sender: Sender) -> None:
    job = """
        import luigi, os.path, beside
        from package import inner
        from space.one import thing
        try:
            import not_there
        except ImportError:
            pass

        class Job(luigi.Task):
            number = luigi.IntParameter()

            def work(self):
                import lately
                print(beside.x, inner.x, thing, lately.x)
    """
    sender.write(
        {
            "job.py": job,
            "beside.py": "from further import *",
            "further.py": "import job\nx = 1",
            "lately.py": "x = 4",
            "package/__init__.py": "",
            "package/inner.py": "from . import other\nx = other.x",
            "package/other.py": "x = 2",
            "package/old.template.py": "print 'Python 2'",
            "space/one.py": "from .two import thing",
            "space/two.py": "thing = 3",
            "space/three.py": "import missing",
            "not_there/data.bin": "a folder that is no package",
            "never.py": "",
            "start.py": sending("job"),
        }
    )
    command = sender.send("start.py")
    single = ["beside.py", "further.py", "job.py", "lately.py"]
    package = [f"package/{name}.py" for name in ("__init__", "inner", "old.template", "other")]
    assert sender.archived(command) == [*single, *package, "space/one.py", "space/two.py"]
    assert sender.said(command) == "1 2 3 4"


def test_namespace_packages_bring_what_is_below_them_only(sender: Sender) -> None:
    sender.write(
        {
            "one/space/jobs/__init__.py": "",
            "one/space/jobs/words.py": JOB,
            "two/space/others/__init__.py": "",
            "two/space/flat.py": "x = 1",
            "start.py": sending("space.jobs.words").replace("))", "), 'space.flat')"),
        }
    )
    command = sender.send("start.py", paths=["one", "two"])
    assert sender.archived(command) == ["space/flat.py", "space/jobs/__init__.py", "space/jobs/words.py"]
    assert sender.said(command) == "space.jobs.words 3"


def test_a_namespace_that_is_asked_for_comes_whole(sender: Sender) -> None:
    sender.write(
        {
            "job.py": JOB.replace("print(", "import space.a, space.b; print("),
            "one/space/a.py": "",
            "two/space/b.py": "",
            "start.py": sending("job").replace("))", "), 'space')"),
        }
    )
    command = sender.send("start.py", paths=["one", "two"])
    assert sender.archived(command) == ["job.py", "space/a.py", "space/b.py"]
    assert sender.said(command) == "job 3"


def test_packages_of_the_old_kind_of_namespace_come_from_each_folder(sender: Sender) -> None:
    extended = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n"
    sender.write(
        {
            "one/old/__init__.py": extended,
            "one/old/jobs.py": JOB.replace("print(", "from old import more; print("),
            "two/old/__init__.py": extended,
            "two/old/more.py": "",
            "start.py": sending("old.jobs"),
        }
    )
    command = sender.send("start.py", paths=["one", "two"])
    assert sender.archived(command) == ["old/__init__.py", "old/jobs.py", "old/more.py"]
    assert sender.said(command) == "old.jobs 3"


@pytest.mark.parametrize("archive", ["lib.zip", "jobs-1.0-py3.11.egg"])
def test_modules_and_packages_of_zip_archives_and_eggs(sender: Sender, archive: str) -> None:
    job = JOB.replace("print(", "import single; from words import data; print(")
    empty = dict.fromkeys(["words/__init__.py", "words/data.py", "words/sub/__init__.py", "single.py"], "")
    sender.zip(archive, {**empty, "words/sub/jobs.py": job})
    sender.write({"start.py": sending("words.sub.jobs").replace("))", "), 'single')")})
    command = sender.send("start.py", paths=[archive])
    names = ["__init__.py", "data.py", "sub/__init__.py", "sub/jobs.py"]
    assert sender.archived(command) == ["single.py", *(f"words/{name}" for name in names)]
    assert sender.said(command) == "words.sub.jobs 3"


def test_the_kernel_is_the_same_in_one_folder_as_in_several(sender: Sender) -> None:
    """As a wheel installs it, and as it lies in its repository."""
    start = SENDING.format(module="job") + "    import luigi, sys; print(luigi.__file__, file=sys.stderr)"
    sender.write({"job.py": JOB, "start.py": start})
    parts = [Path(importlib.import_module(f"luigi.{name}").__path__[0]) for name in ("contrib", "plugins", "server")]
    whole = sender.folder / "site" / "luigi"
    whole.mkdir(parents=True)
    for place in [*Path(luigi.__path__[0]).iterdir(), *parts]:
        if place.name != "__pycache__":
            (whole / place.name).symlink_to(place)
    several, one = sender.start("start.py"), sender.start("start.py", paths=["site"])
    assert one.stderr.strip() == str(whole / "__init__.py")
    assert sender.command(one)[3] == sender.command(several)[3]
    assert sender.said(sender.command(one)) == "job 3"


def test_the_bundled_plugins_are_known_there(sender: Sender) -> None:
    sender.write(
        {"job.py": JOB.replace("print(", "print(luigi.open_target('s3://a/b').path, "), "start.py": sending("job")}
    )
    ran = sender.arrive(sender.send("start.py"))
    assert "s3://a/b" in ran.stdout or "luigi-kernel[s3]" in ran.stderr


def test_a_module_that_is_in_no_file_is_an_error(sender: Sender) -> None:
    sender.write(
        {
            "job.py": JOB,
            "start.py": """
                import sys, types
                sys.modules["made_up"] = types.ModuleType("made_up")
                from luigi.errors import KernelError
                from sending import send
                from job import Job
                for name in "made_up", "no_such_module":
                    try:
                        send(Job(), name)
                    except KernelError as error:
                        print(error)
            """,
        }
    )
    assert sender.start("start.py").stdout.splitlines() == [
        "module 'made_up' cannot be sent to another machine: made_up.__spec__ is None",
        "module 'no_such_module' cannot be sent to another machine: there is no such module here",
    ]
