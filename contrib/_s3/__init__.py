"""The parts that `luigi.contrib.s3` is made of; import from there."""
