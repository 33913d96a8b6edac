"""The parts that `luigi.contrib.dataproc` is made of; import from there."""
