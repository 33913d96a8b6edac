"""Requirements and outputs in any nesting, and what `input()` makes of them."""

import datetime

import luigi


class Piece(luigi.Task):
    name = luigi.Parameter()
    day = luigi.DateParameter(default=datetime.date(2013, 7, 4))

    def output(self):
        return luigi.LocalTarget(f"pieces/{self.name}-{self.day}.txt")

    def run(self):
        with self.output().open("w") as out:
            out.write(self.name)


class Several(luigi.Task):
    def output(self):
        return {"one": luigi.LocalTarget("several/1"), "more": [luigi.LocalTarget(f"several/{n}") for n in (2, 3)]}

    def run(self):
        for target in luigi.task.flatten(self.output()):
            with target.open("w") as out:
                out.write(target.path)


class Nested(luigi.Task):
    def requires(self):
        return {
            "list": [Piece("a"), Piece("b")],
            "tuple": (Piece("c"), [Piece("d"), {"deep": Piece("e")}]),
            "one": Several(),
            "none": [],
        }

    def output(self):
        return luigi.LocalTarget("nested.txt")

    def run(self):
        with self.output().open("w") as out:
            out.write(shape(self.input()))


class Generated(luigi.Task):
    def requires(self):
        for letter in "xyz":
            yield Piece(letter)

    def output(self):
        return (luigi.LocalTarget("generated.txt"),)

    def run(self):
        with self.output()[0].open("w") as out:
            out.write(shape(self.input()))


class Outputless(luigi.Task):
    """Has no output of its own: `flatten_output` looks behind it."""

    def requires(self):
        return [Nested(), Generated()]


def shape(struct):
    if isinstance(struct, dict):
        return "{" + ", ".join(f"{key}: {shape(value)}" for key, value in struct.items()) + "}"
    if isinstance(struct, (list, tuple)):
        return f"{type(struct).__name__}[" + ", ".join(map(shape, struct)) + "]"
    return struct.path


BUILDS = [lambda: [Outputless()]]


def facts():
    return {
        "deps": [dep.task_id for dep in Nested().deps()],
        "flatten": luigi.task.flatten({"a": "foo", "b": [["bar"], "baz"], "c": None, "d": 42}),
        "outputs": [target.path for target in luigi.task.flatten_output(Outputless())],
        "input": shape(Outputless().input()),
    }
