"""Data frames from task to task, reset and run again."""

import d6tflow
import pandas as pd

import luigi


class Numbers(d6tflow.tasks.TaskCache):
    def run(self):
        self.save(pd.DataFrame({"a": range(3)}))


class Multiplied(d6tflow.tasks.TaskCSVPandas):
    by = luigi.IntParameter(default=2)
    persist = ["times", "plain"]

    def requires(self):
        return Numbers()

    def run(self):
        numbers = self.inputLoad()
        self.save({"times": numbers * self.by, "plain": numbers})


@d6tflow.requires(Multiplied)
class Summed(d6tflow.tasks.TaskJson):
    def run(self):
        self.save({"sum": int(self.inputLoad()[0]["a"].sum())})


class Fails(d6tflow.tasks.TaskPickle):
    def run(self):
        raise ValueError("it never works")


if __name__ == "__main__":
    d6tflow.preview(Summed())
    print(d6tflow.run(Summed()))
    print(Summed().outputLoad(), Multiplied().outputLoad("plain").shape)
    d6tflow.run(Summed(by=5))
    Numbers().reset(confirm=False)
    print(Summed().complete(), Numbers().complete())
    try:
        d6tflow.run(Fails())
    except RuntimeError as error:
        print(type(error).__name__)
