"""Growth, the viral label and the time of a surge.

Entry points: `labels` and `growth`.
"""
