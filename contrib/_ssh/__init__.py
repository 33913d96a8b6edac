"""The parts that `luigi.contrib.ssh` is made of; import from there."""
