"""From features to predictions, their reasons, outcomes and figures.

Entry points: `predict`, `outcomes` and `evaluate`.
"""
