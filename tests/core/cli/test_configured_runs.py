"""What the options of a `[run.NAME]` section say as a command line."""

from __future__ import annotations

from typing import Any

ARGUMENTS = (
    "from luigi.cli.configured_runs import configured_runs\n"
    "for name, run in configured_runs().items(): print(name, *run.arguments())\n"
)
TOML = """
[run.first]
module = "tasks"
task = "Add"
x = 5
day = 2013-07-04
exact = true
loud = false
my_name = "a b"
workers = 2
Other.date = "tonight"
my.space.Spaced.v_w = 3

[run.third]
module = "tasks"
task = "Other"
"""
CFG = """
[run.second]
module = tasks
task = my.space.Spaced
v-w = 7
Other.workload = 1
Add-day = 2013-07-0${DAY}
my.space.Spaced.v_w = 3
local_scheduler = true
workers =
"""


def test_toml_and_cfg_together(shell: Any) -> None:
    shell.write("luigi.toml", TOML)
    shell.write("luigi.cfg", CFG)
    shell.environ.update(LUIGI_CONFIG_PATH="luigi.toml", DAY="4")
    ended = shell.python("-c", ARGUMENTS)
    assert ended.err == ""
    assert sorted(ended.out.splitlines()) == [
        "first --module=tasks Add --x=5 --day=2013-07-04 --exact=True --loud=False --my-name=a b --workers=2"
        " --Other-date=tonight --my.space.Spaced-v-w=3",
        "second --module=tasks my.space.Spaced --v-w=7 --Other-workload=1 --Add-day=2013-07-04"
        " --my.space.Spaced-v-w=3 --local-scheduler=true",
        "third --module=tasks Other",
    ]
