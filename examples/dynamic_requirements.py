"""Requirements that are known only while a task runs: a crawl finds its pages by reading pages.

python dynamic_requirements.py Crawl --local-scheduler --start home

`yield` suspends the task until what it asks for is complete, then gives it the targets. The generator goes on where it
stopped; should its process be lost in between, it begins anew, so what it does before a `yield` must bear repeating.
"""

from collections.abc import Generator

import luigi

SITE = {"home": ["news", "shop"], "news": ["home", "archive"], "shop": ["cart"], "archive": ["news"], "cart": []}


class Page(luigi.Task):
    """The links on one page, one a line."""

    name: str

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"data/page_{self.name}.txt")

    def run(self) -> None:
        with self.output().open("w") as file:
            file.writelines(f"{link}\n" for link in SITE[self.name])


class Crawl(luigi.Task):
    """Every page that can be reached from a start, with its distance in clicks."""

    start: str = "home"

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"data/crawl_{self.start}.tsv")

    def run(self) -> Generator[list[Page], list[luigi.LocalTarget], None]:
        clicks = {self.start: 0}
        found = [self.start]
        while found:
            targets = yield [Page(name) for name in found]
            links = {name for target in targets for name in read_lines(target)}
            found = sorted(links - clicks.keys())
            clicks.update(dict.fromkeys(found, max(clicks.values()) + 1))
        with self.output().open("w") as file:
            for name, distance in clicks.items():
                file.write(f"{name}\t{distance}\n")


def read_lines(target: luigi.LocalTarget) -> list[str]:
    with target.open() as file:
        lines: list[str] = file.read().splitlines()
    return lines


if __name__ == "__main__":
    luigi.run()
