"""The parts that `luigi.contrib.spark` and `luigi.contrib.pyspark_runner` are made of; import from there."""
