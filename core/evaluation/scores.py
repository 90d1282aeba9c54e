"""How good scores are: AUC, average precision, calibration and medians, for a sample and all its resamples at once.

Every function returns one value for each column of `DayBlocks.weights`, NaN where the figure is undefined. Whatever
depends on the order of the rows is counted once per day; a resample only weighs those counts.
"""

import numpy as np
import numpy.typing as npt

from core.evaluation.intervals import DayBlocks, Floats, share

Flags = npt.NDArray[np.bool_]

_CHUNK = 32


def _by_day(values: Floats, blocks: DayBlocks) -> list[Floats]:
    order = np.lexsort((values, blocks.days))
    edges = np.searchsorted(blocks.days[order], np.arange(blocks.count + 1))
    return [values[order[edges[day] : edges[day + 1]]] for day in range(blocks.count)]


def roc_auc(score: Floats, positive: Flags, blocks: DayBlocks) -> Floats:
    """Return the probability that a positive row scores above a negative one, ties counted half.

    This is scikit-learn's `roc_auc_score`.

    Parameters
    ----------
    score: higher means more likely to be positive (rows,)
    positive: which rows are positive (rows,)
    blocks: days and weights of the rows
    """
    wins = np.zeros((blocks.count, blocks.count))  # (day of the positive, day of the negative)
    positive_days = blocks.days[positive]
    for day, negatives in enumerate(_by_day(score[~positive], blocks.take(~positive))):
        below = np.searchsorted(negatives, score[positive], side="left")
        not_above = np.searchsorted(negatives, score[positive], side="right")
        wins[:, day] = np.bincount(positive_days, weights=(below + not_above) / 2, minlength=blocks.count)
    pairs = blocks.sums(positive.astype(float)) * blocks.sums((~positive).astype(float))
    won = np.einsum("db,de,eb->b", blocks.weights, wins, blocks.weights, optimize=True)
    return share(np.asarray(won), pairs)


def average_precision(score: Floats, positive: Flags, blocks: DayBlocks) -> Floats:
    """Return the area under the precision-recall curve as a step sum: scikit-learn's `average_precision_score`.

    Precision is taken at each distinct score of a positive row, which is where recall changes.
    """
    thresholds = np.unique(score[positive])
    if not len(thresholds):
        return np.full(blocks.weights.shape[1], np.nan)
    seen = np.stack([len(day) - np.searchsorted(day, thresholds) for day in _by_day(score, blocks)], axis=1).astype(
        float
    )
    hits = _by_day(score[positive], blocks.take(positive))
    hits_above = np.stack([len(day) - np.searchsorted(day, thresholds) for day in hits], axis=1).astype(float)
    gained = hits_above - np.vstack([hits_above[1:], np.zeros((1, blocks.count))])
    parts = np.array_split(blocks.weights, max(1, blocks.weights.shape[1] // _CHUNK), axis=1)
    return np.concatenate([_step_sum(gained, hits_above, seen, weights) for weights in parts])


def _step_sum(gained: Floats, hits_above: Floats, seen: Floats, weights: Floats) -> Floats:
    retrieved = seen @ weights  # (thresholds, resamples)
    precision = np.divide(hits_above @ weights, retrieved, out=np.zeros_like(retrieved), where=retrieved > 0)
    step = gained @ weights
    return share((precision * step).sum(axis=0), step.sum(axis=0))


def calibration_error(probability: Floats, positive: Flags, blocks: DayBlocks, bins: int = 10) -> Floats:
    """Return the mean over equal-count bins of abs(mean predicted - observed share).

    Rows are sorted by probability and cut into `bins` runs whose lengths differ by one at most; ties keep the order of
    the rows. Resamples keep the bins of the sample.
    """
    order = np.argsort(probability, kind="stable")
    runs = [run for run in np.array_split(order, bins) if len(run)]
    if not runs:
        return np.full(blocks.weights.shape[1], np.nan)
    gaps = np.stack([np.abs(blocks.take(run).mean(probability[run] - positive[run])) for run in runs])
    counted = ~np.isnan(gaps)
    return share(np.nansum(gaps, axis=0), counted.sum(axis=0).astype(float))


def weighted_median(values: Floats, blocks: DayBlocks) -> Floats:
    """Return the median of `values` (rows,) per resample, the mean of the middle two for an even count."""
    if not len(values):
        return np.full(blocks.weights.shape[1], np.nan)
    distinct, places = np.unique(values, return_inverse=True)
    counts = np.zeros((len(distinct), blocks.count))
    np.add.at(counts, (places, blocks.days), 1.0)
    figures = np.full(blocks.weights.shape[1], np.nan)
    for column, weights in enumerate(blocks.weights.T):
        rising = np.cumsum(counts @ weights)
        if rising[-1] > 0:
            middle = np.searchsorted(rising, [rising[-1] / 2, rising[-1] / 2 + 0.5])
            figures[column] = distinct[np.minimum(middle, len(distinct) - 1)].mean()
    return figures
