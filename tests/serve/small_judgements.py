"""Judgements on the small world of the pages: a boosted tag, the leaders' what-ifs, two themes that collide."""

from datetime import datetime
from typing import Any

from core.judgements.boosting import SIGNALS
from storage.records.interface import Records
from storage.records.rows_judgements import CollisionRow, CounterfactualRow, RiskRow

FIGURES = {
    "videos": 6.0, "engagement_to_usual": 0.12, "talk_to_usual": None, "pinned": 1.0, "views_share": 0.93,
    "videos_per_creator": 2.5, "span_h": 5.5,
}  # fmt: skip
WORDS: dict[str, Any] = {"cites": ("v1", "v2"), "prompt_version": "counterfactual_template@1:abc"}


def put_judgements(records: Records, leaders: list[str], at: datetime) -> None:
    """Write the judgements of `at`: the second leader looks boosted, and the language model disagrees."""
    records.put_risks(at, [_risk(at, leaders[1], True), *(_risk(at, tag, False) for tag in leaders[2:4])])
    records.put_counterfactuals(
        at, [_what_if(at, tag, status) for tag in leaders[:3] for status in ("template", "rejected")]
    )
    texts = ("Paper Planes gained 45 % more views. Moonlit Bakes lost pace: 30 % fewer.", "refused")
    shown = CollisionRow(
        at=at,
        rising="c1",
        falling="c2",
        rising_label="Paper Planes",
        falling_label="Moonlit Bakes",
        rising_tag=leaders[0],
        falling_tag=leaders[1],
        similarity=0.83,
        rising_change=0.45,
        falling_change=-0.3,
        text=texts[0],
        status="template",
        **WORDS,
    )
    records.put_collisions(at, [shown, shown.changed(text=texts[1], status="rejected")])


def _risk(at: datetime, tag: str, flagged: bool) -> RiskRow:
    signals = [_signal(signal.name, FIGURES[signal.measure] if flagged else None, signal.limit) for signal in SIGNALS]
    if not flagged:
        return RiskRow(at=at, hashtag=tag, flagged=False, score=0.0, signals=signals)
    view = {
        "model": "small",
        "model_view": "organic",
        "model_reason": "Its leading account posted to it 6 times lately.",
    }
    return RiskRow(at=at, hashtag=tag, flagged=True, score=0.94, signals=signals, prompt_version="risk@1:abc", **view)  # type: ignore[arg-type]


def _signal(name: str, value: float | None, limit: float) -> dict[str, Any]:
    return {"name": name, "value": value, "limit": limit, "points": 1, "fired": value is not None}


def _what_if(at: datetime, tag: str, status: Any) -> CounterfactualRow:
    text = f"If the share of new posts rose from 10.0 % to 20.0 %, the model would give #{tag} a 34 % chance."
    figures = {"moved": {"new_video_share": 0.2}, "probability_from": 0.21, "probability_to": 0.34}
    text = text if status == "template" else "a text that was refused"
    return CounterfactualRow(
        at=at,
        hashtag=tag,
        model_id="m-1",
        feature="new_video_share",
        value_from=0.1,
        value_to=0.2,
        text=text,
        status=status,
        **figures,
        **WORDS,
    )  # type: ignore[arg-type]
