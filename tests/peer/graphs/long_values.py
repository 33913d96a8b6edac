"""Long values: cut in ids, and too long for a line of the summary."""

import luigi


class Kept(luigi.Task):
    def output(self):
        return luigi.LocalTarget(f"{self.task_id}.txt")

    def run(self):
        self.output().open("w").close()


class Sixteen(Kept):
    a = luigi.Parameter()
    b = luigi.Parameter(default="sixteen characte")
    c = luigi.Parameter(default="seventeen charact")
    d = luigi.Parameter(default="no place for the fourth")


class VeryLong(Kept):
    value = luigi.Parameter()


class LongPair(Kept):
    value = luigi.Parameter()
    other = luigi.Parameter(default="o")


class Signs(Kept):
    value = luigi.Parameter()


class Root(luigi.Task):
    def requires(self):
        yield Sixteen("x" * 15)
        yield Sixteen("x" * 40, b="y" * 40, c="z" * 40, d="0" * 40)
        yield VeryLong("v" * 400)
        yield from [LongPair(letter * 100) for letter in "pq"]
        yield from [Signs(sign * 3) for sign in " /.-_()=\\:\n\té"]


class Thresholds(luigi.Task):
    """Which texts are too long for the summary, to the character."""

    def requires(self):
        for length in (180, 181, 182):
            yield type(f"OneOf{length:04}", (Kept,), {"value": luigi.Parameter()})("v" * length)
        for length in (79, 80, 81, 82):
            pair = type(f"Pair{length:04}", (Kept,), {"value": luigi.Parameter(), "other": luigi.IntParameter()})
            yield from [pair(letter * length, 1) for letter in "ab"]
        for length in (173, 174, 175):
            three = type(f"Three{length:04}", (Kept,), {"value": luigi.Parameter(), "other": luigi.IntParameter()})
            yield from [three(letter * length, 1) for letter in "abc"]


CONFIG = "[execution_summary]\nsummary_length=0\n"
BUILDS = [lambda: [Root()], lambda: [Thresholds()]]
