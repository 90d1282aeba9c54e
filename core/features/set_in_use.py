"""The feature set that the lake's table `features` holds and models learn from, and the sets there ever were."""

from core.features.set_v1 import V1
from core.features.set_v2 import V2
from core.features.sets import FeatureSet

FEATURE_SET: FeatureSet = V2
FEATURE_SETS: tuple[FeatureSet, ...] = (V1, V2)
