"""The most played artists of an interval of days, in two steps: add up the streams, then take the ten best.

python top_artists.py Top10Artists --local-scheduler --date-interval 2012-06

Run it again and nothing happens: the files are there. Delete data/top_artists_2012-06.tsv and only the last step runs.
"""

import datetime
import random
from collections import Counter
from heapq import nlargest

import luigi
from luigi.date_interval import DateInterval


class Streams(luigi.Task):
    """A day's log of plays: time, artist and track. Made up here, the same each time."""

    date: datetime.date

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"data/streams_{self.date:%Y_%m_%d}.tsv")

    def run(self) -> None:
        dice = random.Random(self.date.toordinal())
        with self.output().open("w") as file:
            for second in range(0, 86400, 86):
                artist = int(100 * dice.random() ** 3)
                file.write(f"{second}\tartist-{artist:02}\ttrack-{dice.randrange(10)}\n")


class AggregateArtists(luigi.Task):
    """How often each artist was played."""

    date_interval: DateInterval

    def requires(self) -> list[Streams]:
        return [Streams(date) for date in self.date_interval]

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"data/artist_streams_{self.date_interval}.tsv")

    def run(self) -> None:
        plays: Counter[str] = Counter()
        for day in self.input():
            with day.open() as file:
                plays.update(line.split("\t")[1] for line in file)
        with self.output().open("w") as file:
            for artist, count in plays.items():
                file.write(f"{artist}\t{count}\n")


class Top10Artists(luigi.Task):
    """The ten artists that were played most, best first."""

    date_interval: DateInterval

    def requires(self) -> AggregateArtists:
        return AggregateArtists(self.date_interval)

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"data/top_artists_{self.date_interval}.tsv")

    def run(self) -> None:
        with self.input().open() as file:
            plays = [(int(count), artist) for artist, count in map(str.split, file)]
        with self.output().open("w") as file:
            for count, artist in nlargest(10, plays):
                file.write(f"{artist}\t{count}\n")


if __name__ == "__main__":
    luigi.run()
