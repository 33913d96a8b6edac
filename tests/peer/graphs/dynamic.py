"""Requirements that turn up while a task runs: one, a list, a dict, a nesting, several in turn, none at all."""

import luigi


class Piece(luigi.Task):
    name = luigi.Parameter()

    def output(self):
        return luigi.LocalTarget(f"pieces/{self.name}.txt")

    def run(self):
        with self.output().open("w") as out:
            out.write(self.name)


class Collected(luigi.Task):
    """Writes what it was given for its yields."""

    def output(self):
        return luigi.LocalTarget(f"{type(self).__name__}.txt")

    def write(self, *given):
        with self.output().open("w") as out:
            out.write(f"{' | '.join(map(shape, given))}\n")


def shape(struct):
    if isinstance(struct, dict):
        return "{" + ", ".join(f"{key}: {shape(value)}" for key, value in struct.items()) + "}"
    if isinstance(struct, (list, tuple)):
        return f"{type(struct).__name__}[" + ", ".join(map(shape, struct)) + "]"
    with struct.open() as source:
        return f"{struct.path}={source.read()}"


class One(Collected):
    def run(self):
        target = yield Piece("one")
        self.write(target)


class Listed(Collected):
    def run(self):
        targets = yield [Piece("l1"), Piece("l2")]
        self.write(targets)


class Mapped(Collected):
    def run(self):
        targets = yield {"a": Piece("m1"), "b": [Piece("m2"), (Piece("m3"), Piece("one"))]}
        self.write(targets)


class InTurn(Collected):
    def requires(self):
        return Piece("static")

    def run(self):
        first = yield Piece("t1")
        with first.open() as source:
            second = yield Piece(source.read() + "-2")
        third = yield [Piece("t3"), Piece("static")]
        self.write(first, second, third)


class Wrapped(Collected):
    def run(self):
        targets = yield luigi.DynamicRequirements([Piece("w1"), Piece("w2")])
        mapping = yield luigi.DynamicRequirements({"x": Piece("w1"), "y": Piece("w3")}, all_there)
        self.write(targets, mapping)


def all_there(complete):
    return all(complete(Piece(name)) for name in ("w1", "w3"))


class Empty(Collected):
    def run(self):
        targets = yield []
        self.write(targets)


class Chain(Collected):
    def run(self):
        one = yield One()
        turn = yield InTurn()
        self.write(one, turn)


class Root(luigi.WrapperTask):
    def requires(self):
        return [One(), Listed(), Mapped(), InTurn(), Wrapped(), Empty(), Chain()]


BUILDS = [lambda: [Root()], lambda: [Root()]]


def differs(told):
    """Luigi calls `run()` from the top after each yield; ours resumes it, so it starts once (FEATURES.md B21)."""
    for events in told["events"].values():
        if "START" in events:
            rest = events.index("START") + 1
            events[rest:] = [event for event in events[rest:] if event != "START"]
    return told
