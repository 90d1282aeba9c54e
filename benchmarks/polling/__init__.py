"""The polling planner beside round-robin in simulated worlds.

Entry point: `compare.compare`.
"""
