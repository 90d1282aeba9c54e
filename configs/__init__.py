"""Settings and thresholds: typed, frozen and strict, read once by entry points.

Entry points: `settings.load_settings`, `cadence` and `quality`.
"""
