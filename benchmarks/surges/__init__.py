"""True surges of simulated worlds, predicted by the whole loop.

Entry point: `run`.
"""
