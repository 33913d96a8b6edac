"""The parts that `luigi.contrib.ftp` is made of; import from there."""
