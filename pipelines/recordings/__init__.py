"""Recordings made, fed and measured: `normalize`, `replay`, `metrics`.

Entry points: `normalised`, `replay_feed` and `metrics`.
"""
