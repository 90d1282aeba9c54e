"""What looks artificially boosted, and how a score answers to changed figures.

Entry points: `boosting` and `perturbations`.
"""
