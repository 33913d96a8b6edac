"""What `luigi.contrib.docker_runner` is made of: the engine, its images, and one container as a job of it."""
