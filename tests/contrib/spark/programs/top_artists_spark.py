"""The app of the manual's 8.1.3, with what it lacks: counts the second field of tab-separated lines."""

from __future__ import annotations

import sys
from operator import add

from pyspark.sql import SparkSession


def main(argv: list[str]) -> None:
    paths, output = argv[1:]
    streams = SparkSession.builder.getOrCreate().sparkContext.textFile(paths)
    counts = streams.map(lambda line: (line.split("\t")[1], 1)).reduceByKey(add).sortByKey(numPartitions=1)
    counts.map(lambda pair: f"{pair[0]}\t{pair[1]}").saveAsTextFile(output)


if __name__ == "__main__":
    main(sys.argv)
