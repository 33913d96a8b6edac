"""A longer summary: seven families a group."""

import luigi


class Kind(luigi.Task):
    n = luigi.IntParameter()


class Delivered(luigi.ExternalTask):
    n = luigi.IntParameter()


def kinds(base, body, count):
    return [type(f"{base.__name__}{place}", (base,), body)(place) for place in range(count)]


def fail(self):
    raise RuntimeError("on purpose")


ALL = [
    *kinds(type("Ready", (Kind,), {}), {"complete": lambda self: True}, 7),
    *kinds(type("Fine", (Kind,), {}), {}, 8),
    *kinds(type("Bad", (Kind,), {}), {"run": fail}, 9),
    *kinds(Delivered, {"complete": lambda self: False}, 10),
]


class Root(luigi.Task):
    def requires(self):
        return ALL


CONFIG = "[execution_summary]\nsummary_length=7\n"
BUILDS = [lambda: [Root()]]
