"""What `luigi.contrib.kubernetes` is made of: the cluster, a job's description, its pods, and how it is followed."""
