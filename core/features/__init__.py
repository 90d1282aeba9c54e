"""The declared feature sets and the functions that compute their parts, at a point in time.

Entry points: `sets.FeatureSet` and `set_in_use`.
"""
