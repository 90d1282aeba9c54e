"""The simulated world beside real recordings, and its speed.

Entry point: `fit`.
"""
