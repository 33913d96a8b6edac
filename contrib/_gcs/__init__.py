"""The parts that `luigi.contrib.gcs` is made of; import from there."""
