"""The parts that `luigi.contrib.azureblob` is made of; import from there."""
