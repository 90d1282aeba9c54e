"""The `groundswell bench` commands: one for each benchmark, run from a checkout.

Entry point: `commands.app`.
"""
