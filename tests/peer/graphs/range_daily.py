"""A range of days, filled oldest first, then found complete; hours and months too."""

import datetime

import luigi
from luigi.tools.range import RangeDaily, RangeDailyBase, RangeHourly, RangeMonthly


class Report(luigi.Task):
    day = luigi.DateParameter()
    kind = luigi.Parameter(default="plain")

    def output(self):
        return luigi.LocalTarget(self.day.strftime(f"reports/{self.kind}/%Y-%m-%d.txt"))

    def run(self):
        with self.output().open("w") as out:
            out.write(f"{self}\n")


class HourReport(luigi.Task):
    hour = luigi.DateHourParameter()

    def output(self):
        return luigi.LocalTarget(self.hour.strftime("hours/%Y-%m-%d/%H.txt"))

    def run(self):
        self.output().open("w").close()


class MonthReport(luigi.Task):
    month = luigi.MonthParameter()

    def output(self):
        return luigi.LocalTarget(self.month.strftime("months/%Y-%m.txt"))

    def run(self):
        self.output().open("w").close()


START, STOP = datetime.date(2013, 7, 1), datetime.date(2013, 7, 11)


def july(**others):
    return RangeDaily(of=Report, start=START, stop=STOP, days_back=100000, **others)


BUILDS = [
    lambda: [july(task_limit=4)],
    lambda: [july(task_limit=4, reverse=True)],
    lambda: [july()],
    lambda: [july()],
    lambda: [RangeDailyBase(of=Report, start=START, stop=STOP, days_back=100000, of_params={"kind": "other"})],
    lambda: [
        RangeHourly(
            of=HourReport,
            start=datetime.datetime(2013, 7, 4, 22),
            stop=datetime.datetime(2013, 7, 5, 3),
            hours_back=10**7,
        )
    ],
    lambda: [
        RangeMonthly(of=MonthReport, start=datetime.date(2013, 1, 1), stop=datetime.date(2013, 5, 1), months_back=9999)
    ],
]
COMMANDS = [
    "--module range_daily RangeDaily --of Report --start 2013-07-01 --stop 2013-07-04 --days-back 100000 "
    "--local-scheduler",
    "--module range_daily RangeDailyBase --of Report --start 2013-07-01 --stop 2013-07-03 --days-back 100000 "
    '--of-params {"kind":"flag"} --local-scheduler',
    "--module range_daily RangeDaily --of Report --start 2013-07-01 --stop 2013-07-03 --days-back 100000 "
    "--Report-kind class --local-scheduler",
]
