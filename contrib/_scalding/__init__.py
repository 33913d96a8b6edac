"""Jobs of Scalding: where it is, and how sources become jars and run."""
