"""Growth by the platform's totals and growth by the plays of the videos seen lie on two scales; learning keeps to one.

The total of a hashtag counts every video it ever had, the plays only those that were polled: the same surge is half a
per cent of the one and a third of the other. Where both kinds are there, a threshold over all of them tells mostly who
was measured which way. So where totals tell the growth of enough hashtags, models learn from those alone, and what is
known of growth by plays is unknown to them.
"""

import polars as pl

TOTALS = "totals"
SCALE = ("v_source", "surged_totals_at")
ENOUGH_ROWS = 500
ENOUGH_AT_ONCE = 20
FEW = 0.05
SHARE = 0.1


def by_totals(outcomes: pl.DataFrame) -> pl.DataFrame | None:
    """Return the outcomes whose growth is that of totals, None where they are too few, or hardly any are others.

    Too few are those of which there are fewer than 20 at a time: the top tenth of ten is whichever was read.

    They are `viral` where growth is positive and among the top tenth of them at their time: hashtags whose totals are
    followed were chosen because they are lively, and about a tenth of them is among the top 5 % of all hashtags.

    Parameters
    ----------
    outcomes: at, growth_24h, viral, v_source (null where nobody knows)
    """
    by_total = outcomes.filter(pl.col("v_source") == TOTALS)
    enough = max(ENOUGH_ROWS, ENOUGH_AT_ONCE * outcomes["at"].n_unique())
    if not enough <= by_total.height <= (1 - FEW) * outcomes.height:
        return None
    places = (pl.len().over("at") * SHARE + 0.5).floor().clip(lower_bound=1)
    among = pl.col("growth_24h").rank("min", descending=True).over("at") <= places
    return by_total.with_columns(viral=(pl.col("growth_24h") > 0) & among)


def judged(outcomes: pl.DataFrame) -> pl.DataFrame:
    """Return outcomes as predictions are judged by them: growth by totals among its like, all other as labelled.

    Where one kind is there alone, or totals are too few, these are the labels of docs/formulas.md, section 5.

    Parameters
    ----------
    outcomes: at, growth_24h, viral, surged_at and the columns `SCALE`, of every hashtag labelled at each time
    """
    by_total = by_totals(outcomes)
    if by_total is None:
        return outcomes
    others = outcomes.filter(pl.col("v_source").ne_missing(TOTALS))
    return pl.concat([by_total.with_columns(surged_at="surged_totals_at"), others])
