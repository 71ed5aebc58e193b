"""What all engines share: the job that each task does, and how a partition is read."""
