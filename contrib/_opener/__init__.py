"""The parts of luigi.contrib.opener."""
