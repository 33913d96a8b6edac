"""One task, one file; asked for again, nothing is left to do."""

import luigi


class Greeting(luigi.Task):
    name = luigi.Parameter(default="world")

    def output(self):
        return luigi.LocalTarget(f"greeting-{self.name}.txt")

    def run(self):
        with self.output().open("w") as out:
            out.write(f"hello {self.name}\n")


BUILDS = [lambda: [Greeting()], lambda: [Greeting()], lambda: [Greeting(name="moon")]]


def facts():
    return {
        "same object": Greeting() is Greeting(name="world"),
        "made": luigi.LocalTarget("greeting-world.txt").exists(),
        "not made": luigi.LocalTarget("greeting-mars.txt").exists(),
    }
