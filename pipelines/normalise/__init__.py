"""From raw answers to posts and readings: envelopes, shapes, privacy and the quality of what was read.

Entry points: `normalise` and `quality`.
"""
