"""What keeps an installation running: the jobs of a slot, retention and erasure.

Entry points: `job_runner.JobRunner`, `retention.apply_retention` and `forget.erase`.
"""
