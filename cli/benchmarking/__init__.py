"""The `bench` commands.

Entry point: `bench`.
"""
