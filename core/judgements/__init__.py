"""The rule for artificially boosted hashtags, and changes of a hashtag's features for counterfactual predictions.

Entry points: `boosting.judge` and `perturbations.perturbed`.
"""
