"""What jobs of clusters with a shared folder have in common: Grid Engine, LSF, Slurm."""
