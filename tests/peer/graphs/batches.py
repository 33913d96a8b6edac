"""Tasks run as one: by max, by max of two parameters, by sum, by joining; up to a size; failing; with requirements."""

import luigi


class Kept(luigi.Task):
    """Done once it was run itself: what ran for it in a batch is another task."""

    done = set()
    ran = []

    def complete(self):
        return self.task_id in self.done

    def run(self):
        self.ran.append(str(self))
        self.done.add(self.task_id)


class Latest(Kept):
    day = luigi.IntParameter(batch_method=max)


class Both(Kept):
    p1 = luigi.IntParameter(batch_method=max)
    p2 = luigi.IntParameter(batch_method=max)
    p3 = luigi.IntParameter()


class Total(Kept):
    n = luigi.IntParameter(batch_method=sum)


class ByTwo(Total):
    max_batch_size = 2


class Alone(Total):
    max_batch_size = 1


class Off(Total):
    batchable = False


class Joined(Kept):
    names = luigi.Parameter(batch_method=",".join)
    kind = luigi.Parameter()


class Failing(Total):
    def run(self):
        self.ran.append(str(self))
        raise ValueError("not today")


class FailingLatest(Latest):
    def run(self):
        self.ran.append(str(self))
        raise ValueError("not today")


class Broken(Kept):
    def no_way(values):
        raise ValueError("cannot be combined")

    n = luigi.IntParameter(batch_method=no_way)


class Ranked(Total):
    @property
    def priority(self):
        return self.n % 3


class Behind(Total):
    """Each waits for its own requirement, so none is ready when another is."""

    def requires(self):
        return Latest(100 + self.n)


class UpTo(Kept):
    """Done once it or a later one was run."""

    day = luigi.IntParameter(batch_method=max)
    last = []

    def complete(self):
        return any(day >= self.day for day in self.last)

    def run(self):
        self.ran.append(str(self))
        self.last.append(self.day)


class Above(luigi.WrapperTask):
    def requires(self):
        return [UpTo(day) for day in (11, 12, 13)]


def facts():
    return {"ran": Kept.ran}


BUILDS = [
    lambda: [Latest(n) for n in range(3)],
    lambda: [Both(1, 2, 0), Both(2, 3, 0), Both(3, 4, 1)],
    lambda: [Total(n) for n in (1, 2, 4)],
    lambda: [ByTwo(n) for n in range(1, 6)],
    lambda: [Alone(n) for n in (1, 2)],
    lambda: [Off(n) for n in (1, 2)],
    lambda: [Joined("a", "x"), Joined("b", "x"), Joined("c", "y")],
    lambda: [Failing(1), Failing(2)],
    lambda: [Failing(3)],
    lambda: [FailingLatest(n) for n in range(4)],
    lambda: [Broken(1), Broken(2)],
    lambda: [Ranked(n) for n in (100, 101, 102)],
    lambda: [Behind(1), Behind(2)],
    lambda: [Above()],
    lambda: [Latest(7), *[Total(n) for n in (21, 22)], Latest(8)],
]
