"""From raw answers to rows of the lake: envelopes, shapes, privacy, and the quality of what was read.

Entry points: `raw.keep`, `tables.normalise` and `quality.promoted`.
"""
