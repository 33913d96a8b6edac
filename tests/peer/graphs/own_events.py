"""Handlers on classes and below them, events of one's own, and what on_success and on_failure see."""

import luigi

heard = []


class Base(luigi.Task):
    n = luigi.IntParameter()

    def output(self):
        return luigi.LocalTarget(f"{self.task_id}.txt")

    def run(self):
        self.trigger_event("mine", self, "from run", self.n)
        self.output().open("w").close()

    def on_success(self):
        heard.append(f"on_success {self} {self.complete()}")
        return "well done"


class Child(Base):
    pass


class Grandchild(Child):
    def run(self):
        raise LookupError("grandchild")

    def on_failure(self, exception):
        heard.append(f"on_failure {self} {exception!r}")
        return "a word about it"


class Other(luigi.Task):
    def complete(self):
        return True


def listener(name):
    def listen(task, *rest):
        heard.append(f"{name} {task} {[repr(word) for word in rest if not isinstance(word, float)]}")

    return listen


Base.event_handler(luigi.Event.START)(listener("base started"))
Child.event_handler(luigi.Event.START)(listener("child started"))
Grandchild.event_handler(luigi.Event.START)(listener("grandchild started"))
Base.event_handler(luigi.Event.SUCCESS)(listener("base succeeded"))
Child.event_handler(luigi.Event.SUCCESS)(listener("child succeeded"))
Child.event_handler(luigi.Event.FAILURE)(listener("child failed"))
Base.event_handler(luigi.Event.PROCESSING_TIME)(listener("base took"))
Base.event_handler(luigi.Event.DEPENDENCY_PRESENT)(listener("base present"))
Child.event_handler("mine")(listener("child's own"))
Other.event_handler(luigi.Event.DEPENDENCY_PRESENT)(listener("other present"))
removed = listener("removed")
Base.event_handler(luigi.Event.START)(removed)
Base.remove_event_handler(luigi.Event.START, removed)


class Raising(Base):
    pass


@Raising.event_handler(luigi.Event.SUCCESS)
def raises(task):
    heard.append(f"raises {task}")
    raise RuntimeError("a handler's error harms nobody")


BUILDS = [
    lambda: [Base(1)],
    lambda: [Child(2)],
    lambda: [Grandchild(3)],
    lambda: [Child(2), Other()],
    lambda: [Raising(4)],
]


def facts():
    names = sorted(name for name in vars(luigi.Event) if not name.startswith("_"))
    return {"heard": heard, "names": {name: getattr(luigi.Event, name) for name in names}}
