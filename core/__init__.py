"""The language of the project: time, tables, events, errors, and pure packages of formulas and rules.

No Ray, file, network or wall clock is used here. Entry points: `tables`, `windows`, `schedule` and the packages.
"""
