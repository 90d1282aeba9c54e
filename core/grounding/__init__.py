"""The rules that say whether a text may be shown: its evidence must back every number, name and direction.

Entry points: `rules.check` and `evidence.Evidence`.
"""
