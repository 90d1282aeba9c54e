"""What predicts: the growth baseline, logistic regression, boosted trees; and the registry that keeps them."""
