"""The command line: task-level and class-level flags, the configuration below them, and defaults at the end."""

import datetime

import luigi


class Settings(luigi.Config):
    depth = luigi.IntParameter(default=1)
    path = luigi.Parameter(default="from the default")
    flag = luigi.BoolParameter(default=False)


class TaskA(luigi.Task):
    x = luigi.Parameter(default="x by default")
    long_name = luigi.IntParameter(default=0)

    def output(self):
        return luigi.LocalTarget(f"{self.task_id}.txt")

    def run(self):
        with self.output().open("w") as out:
            out.write(f"{self} {Settings()}\n")


class TaskB(luigi.Task):
    y = luigi.IntParameter()
    day = luigi.DateParameter(default=datetime.date(2013, 7, 4))
    flag = luigi.BoolParameter()
    explicit = luigi.BoolParameter(default=True, parsing=luigi.BoolParameter.EXPLICIT_PARSING)
    items = luigi.ListParameter(default=[])
    moved = luigi.Parameter(default="not moved", config_path={"section": "elsewhere", "name": "moved"})

    def requires(self):
        return [TaskA(), TaskA(x="given"), TaskA(long_name=7)]

    def output(self):
        return luigi.LocalTarget(f"{self.task_id}.txt")

    def run(self):
        with self.output().open("w") as out:
            out.write(f"{self}\n")
        print(self.y, self.moved)


CONFIG = """
[TaskA]
x=x by configuration
long-name=3
[Settings]
depth: 5
[elsewhere]
moved=moved by configuration
"""
COMMANDS = [
    "--module command_line TaskA --local-scheduler",
    "--module command_line TaskA --x a --long-name 4 --local-scheduler",
    "--module command_line TaskA --x=a --long-name=-4 --local-scheduler",
    "--local-scheduler --module command_line TaskA --TaskA-x class-level",
    "--module command_line TaskB --y 42 --TaskA-x 43 --local-scheduler",
    '--module command_line TaskB --y 1 --flag --explicit false --day 2012-01-31 --items [1,"a"] --local-scheduler',
    "--module command_line TaskB --y 1 --TaskB-flag --TaskB-day 2011-11-11 --TaskA-long-name 9 --local-scheduler",
    "--module command_line TaskB --y 1 --Settings-depth 9 --Settings-flag --Settings-path p --local-scheduler",
    "--module command_line TaskB --y 1 --moved by-flag --local-scheduler --workers 1 --no-lock",
    "--module=command_line TaskB --y=2 --local-scheduler",
]
