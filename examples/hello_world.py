"""The smallest program: one task that prints a greeting.

python hello_world.py HelloWorld --local-scheduler --name you
luigi --module hello_world HelloWorld --local-scheduler        (with this folder on PYTHONPATH)

It writes nothing, so nothing tells that it ran before: it runs every time.
"""

import luigi


class HelloWorld(luigi.Task):
    """Greets someone."""

    name: str = "world"

    def run(self) -> None:
        print(f"{self} says: hello, {self.name}!")


if __name__ == "__main__":
    luigi.run()
