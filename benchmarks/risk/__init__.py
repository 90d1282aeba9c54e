"""The risk rule in simulated worlds, scored against their boosted hashtags.

Entry point: `compare.measure`.
"""
