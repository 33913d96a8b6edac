"""A requirement that is there when it is made, and gone when it is needed."""

import luigi


class Source(luigi.Task):
    def output(self):
        return luigi.LocalTarget("source.txt")

    def run(self):
        self.output().open("w").close()


class Thief(luigi.Task):
    priority = 5

    def requires(self):
        return Source()

    def output(self):
        return luigi.LocalTarget("thief.txt")

    def run(self):
        self.input().remove()
        self.output().open("w").close()


class Robbed(luigi.Task):
    def requires(self):
        return [Source(), Thief()]

    def output(self):
        return luigi.LocalTarget("robbed.txt")

    def run(self):
        self.output().open("w").close()


BUILDS = [lambda: [Robbed()]]


def differs(told):
    """Ours makes the requirement once more, as the manual says of `max_reschedules`; in Luigi that never happens."""
    told["events"][Source().task_id] *= 2
    told["events"][Robbed().task_id][-1:] = ["START", "PROCESSING_TIME float", "SUCCESS"]
    told["files"] |= {"source.txt": "", "robbed.txt": ""}
    told["runs"][0] |= {
        "status": "SUCCESS_WITH_RETRY",
        "str": "LuigiRunResult with status LuigiStatusCode.SUCCESS_WITH_RETRY",
        "one_line_summary": HAPPY,
    }
    told["runs"][0]["summary"][3:-3] = [
        "Scheduled 3 tasks of which:",
        "* 3 ran successfully:",
        "    - 1 Robbed()",
        "    - 1 Source()",
        "    - 1 Thief()",
        "",
        HAPPY,
    ]
    return told


HAPPY = "This progress looks :) because there were failed tasks but they all succeeded in a retry"
