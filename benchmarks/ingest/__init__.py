"""How fast raw answers become tables, beside JSON parsing alone.

Entry point: `speed.measure`.
"""
