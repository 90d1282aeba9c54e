"""What `groundswell bench` runs: measurements of speed and of predictions beside rivals and baselines.

Entry points: one module for each benchmark, called by `cli`. The wheel leaves them out.
"""
