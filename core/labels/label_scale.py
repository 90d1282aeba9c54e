"""Labels on one scale: growth by the platform's totals, or growth by the plays of the videos seen, but never a mix.

The total of a hashtag counts every video it ever had, the plays only the videos that were polled: the same surge is
half a per cent of the one and a third of the other. A threshold over both kinds would mostly separate hashtags by how
they were measured. So where totals measure the growth of enough hashtags, models learn from those alone, and growth by
plays is masked (`core.features.growth_by_plays`).
"""

import polars as pl

TOTALS = "totals"
SCALE = ("v_source", "surged_totals_at")
ENOUGH_ROWS = 500
ENOUGH_AT_ONCE = 20
FEW = 0.05
SHARE = 0.1


def by_totals(outcomes: pl.DataFrame) -> pl.DataFrame | None:
    """Return the outcomes whose growth is measured by totals; None when they are too few, or nearly all.

    They are too few below 500, or below 20 per moment on average: the top tenth of ten hashtags is whichever was read.

    An outcome is `viral` when its growth is positive and in the top tenth of those at its moment. Hashtags whose totals
    are followed were chosen because they are lively: about a tenth of them is in the top 5 % of all hashtags.

    Parameters
    ----------
    outcomes: at, growth_24h, viral, v_source (null where it is unknown)
    """
    by_total = outcomes.filter(pl.col("v_source") == TOTALS)
    enough = max(ENOUGH_ROWS, ENOUGH_AT_ONCE * outcomes["at"].n_unique())
    if not enough <= by_total.height <= (1 - FEW) * outcomes.height:
        return None
    places = (pl.len().over("at") * SHARE + 0.5).floor().clip(lower_bound=1)
    among = pl.col("growth_24h").rank("min", descending=True).over("at") <= places
    return by_total.with_columns(viral=(pl.col("growth_24h") > 0) & among)


def judged(outcomes: pl.DataFrame) -> pl.DataFrame:
    """Return the outcomes that predictions are judged by: growth by totals on its own scale, all others as labelled.

    Where there is only one kind of growth, or totals are too few, these are the labels of docs/formulas.md, section 5.

    Parameters
    ----------
    outcomes: at, growth_24h, viral, surged_at and the columns `SCALE`, of every hashtag labelled at each moment
    """
    by_total = by_totals(outcomes)
    if by_total is None:
        return outcomes
    others = outcomes.filter(pl.col("v_source").ne_missing(TOTALS))
    return pl.concat([by_total.with_columns(surged_at="surged_totals_at"), others])
