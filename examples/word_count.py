"""Counting the words of several days: a task for each day's text, and one that needs them all.

python word_count.py WordCount --local-scheduler --date-interval 2013-W27
"""

import datetime
import random
from collections import Counter

import luigi
from luigi.date_interval import DateInterval

WORDS = ["the", "quick", "brown", "fox", "jumps", "over", "the", "lazy", "dog", "while", "the", "night", "sleeps"]


class InputText(luigi.Task):
    """A day's text. Made up here, the same each time; a real one would be an ExternalTask with only an output."""

    date: datetime.date

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"data/text_{self.date}.txt")

    def run(self) -> None:
        dice = random.Random(self.date.toordinal())
        with self.output().open("w") as file:
            for _ in range(100):
                file.write(" ".join(dice.choices(WORDS, k=8)) + "\n")


class WordCount(luigi.Task):
    """How often each word occurs in an interval of days, most frequent first."""

    date_interval: DateInterval

    def requires(self) -> list[InputText]:
        return [InputText(date) for date in self.date_interval]

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"data/word_count_{self.date_interval}.tsv")

    def run(self) -> None:
        counts: Counter[str] = Counter()
        for text in self.input():
            with text.open() as file:
                for line in file:
                    counts.update(line.split())
        with self.output().open("w") as file:
            for word, count in counts.most_common():
                file.write(f"{word}\t{count}\n")


if __name__ == "__main__":
    luigi.run()
