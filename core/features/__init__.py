"""The declared feature sets and the functions that compute them from the state of a moment.

Entry points: `FEATURE_SET`, the set that the table `features` holds and models learn from, and `sets.FeatureSet`.
"""

from core.features.set_v1 import V1
from core.features.set_v2 import V2
from core.features.sets import FeatureSet

FEATURE_SET: FeatureSet = V2
FEATURE_SETS: tuple[FeatureSet, ...] = (V1, V2)
"""All sets so far, oldest first."""
