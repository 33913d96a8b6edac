"""Ratios, prefixed outputs, tasks that are run again, copied parameters, templates in the configuration."""

import luigi_tools.parameter
import luigi_tools.target
import luigi_tools.task
import luigi_tools.util

import luigi


class Output(luigi_tools.target.OutputLocalTarget):
    __prefix = "out"


class Base(luigi_tools.task.WorkflowTask):
    scale = luigi_tools.parameter.RatioParameter(default=0.5)
    limit = luigi.OptionalIntParameter(default=None)

    def output(self):
        return Output(f"{type(self).__name__}.txt")

    def run(self):
        with self.output().open("w") as file:
            file.write(f"{self.scale} {self.limit}\n")


@luigi_tools.task.copy_params(
    scale=luigi_tools.task.ParamRef(Base),
    other=luigi_tools.task.ParamRef(Base, "limit", 3),
)
class Copies(luigi_tools.task.WorkflowTask):
    def requires(self):
        return Base(scale=self.scale)

    def output(self):
        return Output(f"copies/{self.other}.txt")

    def run(self):
        with self.output().open("w") as file:
            file.write(self.input().open().read())


class Everything(luigi_tools.task.WorkflowWrapperTask):
    def requires(self):
        return [Copies(), Base(limit=7)]


if __name__ == "__main__":
    luigi_tools.target.OutputLocalTarget.set_default_prefix("results")
    print(luigi.build([Everything()], local_scheduler=True, log_level="CRITICAL"))
    print(luigi.build([Base(rerun=True)], local_scheduler=True, log_level="CRITICAL"))
    try:
        Base(scale=2)
    except ValueError:
        print("refused")
    with luigi_tools.util.set_luigi_config({"Base": {"scale": "0.25"}}):
        print(Base())
    print(luigi_tools.util.get_dependency_graph(Everything()))
