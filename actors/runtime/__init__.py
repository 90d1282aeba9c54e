"""What every agent stands on: supervision, scheduling aids, hand-offs and Ray itself.

Entry points: `system` and `supervisor`.
"""
