"""The benchmark of the grounding rules: a generated corpus with mutants, and labelled outputs of a language model.

Entry points: `scores.score` judges them all; `scores.corpus` and `scores.labelled` return the texts.
"""
