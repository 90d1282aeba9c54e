"""The first minutes of an installation: set-up, page, first days, memory, and what it costs while nothing is due.

Entry point: `measure.measure`.
"""
