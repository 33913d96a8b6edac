"""Letters from everywhere: in class names, values, file names and contents."""

import luigi


class Größe(luigi.Task):
    wert = luigi.Parameter(default="übermäßig")

    def output(self):
        return luigi.LocalTarget(f"Ω-{self.wert}.txt")

    def run(self):
        with self.output().open("w") as out:
            out.write(f"{self.wert} ☃ 𝄞\n")


class Structured(luigi.Task):
    items = luigi.ListParameter(default=["日本", "é"])
    mapping = luigi.DictParameter(default={"ключ": "значение"})
    day = luigi.Parameter(default="٣")

    def requires(self):
        return [Größe(), Größe(wert="日本"), Größe(wert="e\u0301"), Größe(wert="é")]

    def output(self):
        return luigi.LocalTarget(f"{self.task_id}.txt")

    def run(self):
        with self.output().open("w") as out:
            for target in self.input():
                with target.open("r") as source:
                    out.write(source.read())


BUILDS = [lambda: [Structured()]]
