"""Alerts that are due, and their delivery.

Entry points: `alerts` and `delivery`.
"""
