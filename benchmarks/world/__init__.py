"""The simulated world compared with real recordings, and its speed.

Entry points: `fit` and `speed`.
"""
