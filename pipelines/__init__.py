"""The steps between two tables: each reads its inputs at a given time and replaces its own window.

Entry points: one package for each capability; agents call them, and tests call them without Ray.
"""
