"""The risk rule in simulated worlds with planted boosts.

Entry point: `compare`.
"""
