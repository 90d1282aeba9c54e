"""What each member of a blend is worth: its own score, and what the blend loses without it."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from core.evaluation.kpis import score_figures
from models.blend import Blend
from models.interface import Scorer

MEMBER = "member_"
SHOWN = ("pr_auc", "precision_at_10")

MemberFigures = Mapping[str, Mapping[str, float | None]]


def with_members(model: Scorer, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the predictions of a model, and for a blend each member's probability as `member_<kind>`."""
    predictions = model.predict(rows)
    if not isinstance(model, Blend):
        return predictions
    apart = {MEMBER + member.kind: member.predict(rows)["probability"] for member in model.members}
    return predictions.with_columns(**apart)


def member_scores(rows: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """Return the figures of each member of a blend on labelled rows; nothing for a model that is no blend.

    For each figure shown there are its value for the member alone, and `<figure>_lost`: the blend's value less that of
    the other member, which is what remains of a blend of two without this one.
    """
    columns = [name for name in rows.columns if name.startswith(MEMBER)]
    if not columns or rows.is_empty():
        return {}
    whole, *apart = (score_figures(rows, column, resamples=1) for column in ("probability", *columns))
    values = [{name: estimates[name].value for name in SHOWN} for estimates in apart]
    return {
        column.removeprefix(MEMBER): own | {f"{name}_lost": _less(whole[name].value, other[name]) for name in SHOWN}
        for column, own, other in zip(columns, values, reversed(values), strict=True)
    }


def _less(whole: float | None, left: float | None) -> float | None:
    return None if whole is None or left is None else whole - left
