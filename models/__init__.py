"""What predicts: every kind of model by name, in the order they are tried."""

from collections.abc import Mapping

from models.boosted import BoostedTrees
from models.interface import Model
from models.last_growth import LastGrowth
from models.logistic import Logistic
from models.nikolov_shah import NikolovShah

KINDS: Mapping[str, type[Model]] = {
    LastGrowth.kind: LastGrowth,
    NikolovShah.kind: NikolovShah,
    Logistic.kind: Logistic,
    BoostedTrees.kind: BoostedTrees,
}
