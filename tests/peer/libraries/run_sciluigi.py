"""A workflow that is wired by its inputs, with shell commands."""

import sciluigi


class Foo(sciluigi.Task):
    def out_foo(self):
        return sciluigi.TargetInfo(self, "foo.txt")

    def run(self):
        with self.out_foo().open("w") as file:
            file.write("foo\n")


class Replace(sciluigi.Task):
    replacement = sciluigi.Parameter()
    in_foo = None

    def out_replaced(self):
        return sciluigi.TargetInfo(self, f"{self.in_foo().path}.replaced.txt")

    def run(self):
        self.ex(f"sed 's/foo/{self.replacement}/g' {self.in_foo().path} > {self.out_replaced().path}")


class Flow(sciluigi.WorkflowTask):
    replacement = sciluigi.Parameter(default="bar")

    def workflow(self):
        foo = self.new_task("foo", Foo)
        replace = self.new_task("replace", Replace, replacement=self.replacement)
        replace.in_foo = foo.out_foo
        return replace


if __name__ == "__main__":
    sciluigi.run_local(main_task_cls=Flow, cmdline_args=["--replacement", "baz"])
