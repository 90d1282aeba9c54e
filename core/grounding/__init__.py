"""The grounding rules: they decide whether a text may be shown, because its evidence backs all it states.

Entry points: `rules.violations` judges a text; `evidence` holds `CitedText`, `Evidence` and `Violation`.
"""
