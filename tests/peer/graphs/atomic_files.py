"""Files and folders that are there whole or not at all, in every format the standard library can write."""

import gzip

import luigi
from luigi.format import UTF8, Bzip2, Gzip, Nop, Text


class Written(luigi.Task):
    name = luigi.Parameter()
    format = luigi.Parameter(default="Text")

    def output(self):
        formats = {"Text": Text, "UTF8": UTF8, "Nop": Nop, "Gzip": Gzip, "Bzip2": Bzip2}
        return luigi.LocalTarget(f"deep/er/{self.name}.{self.format}", format=formats[self.format])

    def run(self):
        data = f"{self.name} é\n"
        with self.output().open("w") as out:
            out.write(data if self.format in ("Text", "UTF8") else data.encode())


class HalfWritten(Written):
    def run(self):
        with self.output().open("w") as out:
            out.write("half")
            raise OSError("disk gone")


class NeverClosed(Written):
    def run(self):
        self.output().open("w").write("left open")
        raise OSError("before the end")


class TemporaryPath(luigi.Task):
    fails = luigi.BoolParameter(default=False)

    def output(self):
        return luigi.LocalTarget(f"temporary-{self.fails}/result.txt")

    def run(self):
        with self.output().temporary_path() as path:
            with open(path, "w") as out:
                out.write("whole\n")
            if self.fails:
                raise RuntimeError("too late")


class Folder(luigi.Task):
    fails = luigi.BoolParameter(default=False)

    def output(self):
        return luigi.LocalTarget(f"folder-{self.fails}")

    def run(self):
        import os

        with self.output().temporary_path() as path:
            os.makedirs(path)
            with open(os.path.join(path, "part"), "w") as out:
                out.write("part\n")
            if self.fails:
                raise RuntimeError("too late")


BUILDS = [
    lambda: [Written("a", format) for format in ("Text", "UTF8", "Nop", "Bzip2")],
    lambda: [HalfWritten("half"), NeverClosed("open")],
    lambda: [TemporaryPath(), TemporaryPath(fails=True)],
    lambda: [Folder(), Folder(fails=True)],
]


def facts():
    zipped = Written("z", "Gzip")
    zipped.run()
    with gzip.open(zipped.output().path) as source:
        unzipped = source.read().decode()
    with zipped.output().open() as source:
        read = source.read().decode()
    zipped.output().remove()
    with Written("a", "Bzip2").output().open("r") as source:
        return {"unzipped": unzipped, "read": read, "bzip2": source.read().decode()}
