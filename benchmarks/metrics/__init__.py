"""The project's metrics over Ray Data, compared with what other tools compute.

Entry point: `compare`.
"""
