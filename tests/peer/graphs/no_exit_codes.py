"""Exit codes of the `luigi` command where the configuration has none: 0 for everything but the unforeseen."""

import luigi


class Fine(luigi.Task):
    n = luigi.IntParameter(default=0)

    def complete(self):
        return True


class Needs(Fine):
    must = luigi.IntParameter()


class Bad(luigi.Task):
    def run(self):
        raise RuntimeError("bad")


class Delivered(luigi.ExternalTask):
    def complete(self):
        return False


class Broken(luigi.Task):
    def requires(self):
        raise ValueError("cannot say")


COMMANDS = [
    "--module no_exit_codes Fine --local-scheduler",
    "--module no_exit_codes Bad --local-scheduler",
    "--module no_exit_codes Delivered --local-scheduler",
    "--module no_exit_codes Broken --local-scheduler",
    "--module no_exit_codes Needs --local-scheduler",
    "--module no_exit_codes Fine --n x --local-scheduler",
    "--module no_exit_codes Fine --nothing 3 --local-scheduler",
    "--module no_exit_codes Unknown --local-scheduler",
    "--module no_exit_codes",
]
