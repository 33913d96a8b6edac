"""Make the bucket, and put the months of ../flights into it: what somebody else does in earnest."""

from __future__ import annotations

from pathlib import Path

from luigi.contrib.s3 import S3Client
from warehouse import warehouse

MONTHS = sorted((Path(__file__).parents[1] / "flights" / "data").glob("flights-*.csv.gz"))


def main() -> None:
    client, bucket = S3Client(), warehouse().bucket
    if not client.exists(bucket):
        client.s3.create_bucket(Bucket=bucket.removeprefix("s3://"))
    for month in MONTHS:
        client.put(str(month), f"{bucket}/raw/{month.name}")
        print(f"{bucket}/raw/{month.name}")


if __name__ == "__main__":
    main()
