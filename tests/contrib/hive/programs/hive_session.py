"""Stands in for Hive's engine, of which there is none to be had: carries out statements by Spark, on a real metastore.

usage: hive_session.py SOCKET METASTORE_URL WAREHOUSE

A connection is one run of the `hive` command (hive.py beside this file) or one of `mapred job -kill`. As with
MapReduce, a query goes on when the command that began it is gone; to kill its job ends it.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import socketserver
import sys
import time
from typing import Any

from pyspark.sql import SparkSession

NUMBERS = itertools.count(1)
WORDS = re.compile(r"\$\{(?:hivevar|hiveconf):([^}]+)\}")
ABSENT = re.compile(r"TABLE_OR_VIEW_NOT_FOUND\W+The table or view `?([^`\s]+(?:`\.`[^`]+)*)")


def started(metastore: str, warehouse: str) -> SparkSession:
    """Spark, with the metastore's tables; what it keeps for itself is beside them."""
    folder = os.path.dirname(warehouse)
    options = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraJavaOptions": f"-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Djava.io.tmpdir={folder}",
        "spark.local.dir": folder,
        "spark.sql.warehouse.dir": warehouse,
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.sources.parallelPartitionDiscovery.threshold": "100000",
        "spark.hadoop.hive.metastore.uris": metastore,
        "spark.hadoop.hive.exec.dynamic.partition.mode": "nonstrict",
    }
    builder = SparkSession.builder.master("local[2]").appName("hive").enableHiveSupport()
    for name, value in options.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


class Run(socketserver.StreamRequestHandler):
    """One run of a command."""

    server: Session

    def handle(self) -> None:
        asked = json.loads(self.rfile.readline())
        if "kill" in asked:
            self.kill(asked["kill"])
            self.say("end", 0)
            return
        spark = self.server.spark.newSession()
        for name, value in asked["confs"].items():
            spark.conf.set(name, value)
        try:
            for statement in asked["statements"]:
                self.carry_out(spark, WORDS.sub(lambda found: asked["confs"].get(found[1], found[0]), statement))
        except Exception as error:
            self.refuse(str(error))
        else:
            self.say("end", 0)

    def kill(self, job: str) -> None:
        """As often as it takes: Spark does not see the group of a query that it is still planning."""
        while True:
            self.server.spark.sparkContext.cancelJobGroup(job)
            if job not in self.server.jobs:
                return
            time.sleep(0.1)

    def carry_out(self, spark: SparkSession, statement: str) -> None:
        if statement == "show running":  # which jobs there are: not Hive's, but of tests
            self.say("out", " ".join(job for job, is_told in self.server.jobs.items() if is_told))
            return
        if re.match(r"insert|select", statement, re.IGNORECASE):
            job = f"job_1700000000000_{next(NUMBERS):04d}"
            spark.sparkContext.setJobGroup(job, statement, interruptOnCancel=True)
            self.server.jobs[job] = False
            try:
                self.say("err", f"Starting Job = {job}, Tracking URL = http://127.0.0.1:8088/proxy/{job}/")
                self.rfile.readline()  # the command has printed it: who ends that now knows what else to end
                self.server.jobs[job] = True
                self.say("err", "2026-01-01 00:00:00,000 Stage-1 map = 50%,  reduce = 0%")
                rows = spark.sql(statement).collect()
            finally:
                del self.server.jobs[job]
            self.say("err", f"Ended Job = {job}")
        else:
            rows = spark.sql(statement).collect()
        for line in as_hive_prints(statement.lower().split(), rows):
            self.say("out", line)
        self.say("err", "OK")

    def refuse(self, why: str) -> None:
        if found := ABSENT.search(why):
            self.say("err", f"FAILED: SemanticException [Error 10001]: Table not found {found[1]}")
        else:
            self.say("err", f"FAILED: {why.strip()}")
        self.say("end", 17)

    def say(self, kind: str, what: Any) -> None:
        try:
            self.wfile.write(json.dumps([kind, what]).encode() + b"\n")
        except BrokenPipeError:
            return  # the command is gone; its query goes on


def as_hive_prints(words: list[str], rows: list[Any]) -> list[str]:
    """The rows in Hive's way, which is not Spark's where tables are looked up."""
    if words[:2] == ["show", "tables"]:
        return [row.tableName for row in rows]
    if words[:2] == ["describe", "formatted"]:
        return [f"{name + ':' if name == 'Location' else name:<20}\t{kind}" for name, kind, _ in map(tuple, rows)]
    if words[:1] == ["describe"]:
        return ["\t".join(f"{field or '':<20}" for field in row) for row in rows]
    return ["\t".join("NULL" if field is None else str(field) for field in row) for row in rows]


class Session(socketserver.ThreadingUnixStreamServer):
    """Spark, and who talks to it."""

    daemon_threads = True

    def __init__(self, path: str, spark: SparkSession) -> None:
        super().__init__(path, Run)
        self.spark = spark
        self.jobs: dict[str, bool] = {}
        """Those that run, and whether it is printed which."""


def main(path: str, metastore: str, warehouse: str) -> None:
    """Serve for ever."""
    with Session(path, started(metastore, warehouse)) as server:
        server.serve_forever()


main(*sys.argv[1:])
