"""The parts that `luigi.contrib.dropbox` is made of; import from there."""
