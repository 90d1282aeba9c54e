"""Risk flags, counterfactuals and collisions of themes, with the words they are stated in.

Entry points: `risks`, `counterfactuals` and `opinions`.
"""
