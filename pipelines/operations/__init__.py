"""What keeps an installation running: jobs of a slot, retention and erasure.

Entry points: `job_runner`, `retention` and `forget`.
"""
