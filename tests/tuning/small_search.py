"""A search small enough for tests."""

from datetime import timedelta

from tests.support.model_lake import FEATURE_SET, lake_of
from tests.support.model_rows import START, labelled
from tuning.search import SearchPlan
from tuning.training_set import build

TRAINING = build(lake_of(labelled(tags=20, days=10)), START + timedelta(days=11), feature_set=FEATURE_SET)
PLAN = SearchPlan(("logistic", "last-24h-growth"), trials=4, folds=2, concurrent=1)
