"""What predicts: every kind of model by name, in the order they are tried."""

from collections.abc import Mapping

from models.boosted import BoostedTrees
from models.interface import Model
from models.last_growth import LastGrowth
from models.logistic import Logistic

KINDS: Mapping[str, type[Model]] = {
    LastGrowth.kind: LastGrowth,
    Logistic.kind: Logistic,
    BoostedTrees.kind: BoostedTrees,
}
