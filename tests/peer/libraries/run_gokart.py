"""What tasks dump and load, tasks as parameters, a worker of the library's own, a failure."""

import logging

import gokart
import pandas as pd

import luigi


class Number(gokart.TaskOnKart):
    n = luigi.IntParameter()

    def run(self):
        self.dump(self.n * 2)


class Total(gokart.TaskOnKart):
    first = gokart.TaskInstanceParameter()
    others = gokart.ListTaskInstanceParameter(default=[])

    def requires(self):
        return {"first": self.first, **{str(number): task for number, task in enumerate(self.others)}}

    def output(self):
        return self.make_target("total.json")

    def run(self):
        self.dump(pd.DataFrame({"total": [sum(self.load().values())]}))


class Fails(gokart.TaskOnKart):
    def requires(self):
        return Number(n=1)

    def run(self):
        raise ValueError("it never works")


class Again(gokart.TaskOnKart):
    rerun = True

    def run(self):
        print("again")
        self.dump(1)


if __name__ == "__main__":
    total = Total(first=Number(n=3), others=[Number(n=4), Number(n=5)])
    print(gokart.build(total, log_level=logging.CRITICAL).to_dict())
    print(gokart.build(total, workers=2, log_level=logging.CRITICAL).to_dict())
    for _ in range(2):
        print(gokart.build(Again(), log_level=logging.CRITICAL))
    try:
        gokart.build(Fails(), log_level=logging.CRITICAL)
    except Exception as error:
        print(type(error).__name__)
    print(gokart.make_tree_info(total))
