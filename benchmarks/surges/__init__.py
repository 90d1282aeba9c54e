"""The whole loop in simulated worlds, scored against their true surges.

Entry point: `run`.
"""
