"""Collisions read from the lake, in words that pass the grounding rules, as rows of the records."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import polars as pl

from core.grounding.evidence import CitedText, Evidence, EvidenceMetric
from core.grounding.rules import TextCheck
from core.tables import THEMES
from core.themes.collisions import Collision, Side, collisions
from core.windows import DAY
from pipelines.narratives.facts import Fact, percent
from prompts.llm.asking import render
from prompts.prompt import Prompt
from storage.lake.interface import Lake
from storage.records.rows_judgements import CollisionRow

PATIENCE = timedelta(hours=3)
DAY_H = 24.0
HOUR_MIN = 60
READ = ("hashtag", "window_end", "window_length", "v_source", "views_gained")


def find_collisions(lake: Lake, at: datetime) -> list[Collision]:
    """Return the collisions at `at` among the newest themes of the three hours before."""
    themes = lake.read(THEMES.name, start=at - PATIENCE, end=at).filter(pl.col("at") == pl.col("at").max())
    if themes.is_empty():
        return []
    return collisions(themes, hourly_gains(lake.read("hashtag_metrics", start=at - 2 * DAY, end=at, columns=READ), at))


def hourly_gains(metrics: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """Return hashtag, gained and gained_before: mean views an hour over the hours read in each of the last two days.

    Both days rest on the same source, totals where they are known in both. How often a hashtag was read says nothing.

    Parameters
    ----------
    metrics: rows of `hashtag_metrics` of the 48 h before `at`, the columns `READ`
    """
    hourly = metrics.filter(pl.col("window_length") == HOUR_MIN, pl.col("views_gained").is_not_null())
    today = pl.col("views_gained").filter(pl.col("window_end") > at - DAY)
    before = pl.col("views_gained").filter(pl.col("window_end") <= at - DAY)
    means = hourly.group_by("hashtag", "v_source").agg(gained=today.mean(), gained_before=before.mean())
    both = means.drop_nulls(["gained", "gained_before"]).sort("hashtag", "v_source", descending=[False, True])
    return both.unique("hashtag", keep="first", maintain_order=True).select("hashtag", "gained", "gained_before")


def collision_rows(
    at: datetime, collisions: Sequence[Collision], prompt: Prompt, check: TextCheck
) -> list[CollisionRow]:
    """Return a row for each collision.

    Parameters
    ----------
    prompt: the template
    check: the gate; a text with any violation gets the status `rejected` and must not be shown
    """
    drafts = [draft(at, collision, prompt) for collision in collisions]
    return [
        CollisionRow(
            at=at,
            rising=collision.rising.cluster_id,
            falling=collision.falling.cluster_id,
            rising_label=collision.rising.label,
            falling_label=collision.falling.label,
            rising_tag=collision.rising.leader,
            falling_tag=collision.falling.leader,
            similarity=collision.similarity,
            rising_change=collision.rising.change,
            falling_change=collision.falling.change,
            text=text.text,
            cites=tuple(text.cites),
            status="rejected" if problems or len(text.text) > prompt.limits["characters"] else "template",
            prompt_version=prompt.id,
            evidence=evidence.to_json(),
        )
        for collision, (text, evidence), problems in zip(collisions, drafts, check(drafts), strict=True)
    ]


def draft(at: datetime, collision: Collision, prompt: Prompt) -> tuple[CitedText, Evidence]:
    """Return the text and its evidence."""
    cites: list[str] = []
    rising, falling = (
        _fact(f"m{place}", at, side, cites) for place, side in enumerate((collision.rising, collision.falling), 1)
    )
    tags = {"rising_tag": collision.rising.leader, "falling_tag": collision.falling.leader}
    inputs = {**tags, "rising": rising, "falling": falling}
    text = " ".join(render(prompt.text, inputs).split())
    name = f"{collision.rising.cluster_id}/{collision.falling.cluster_id}@{at:%Y%m%dT%H%M}Z"
    return CitedText(name, text, cites), Evidence([rising.metric, falling.metric])


def _fact(name: str, at: datetime, side: Side, cites: list[str]) -> Fact:
    metric = EvidenceMetric(name, side.leader, "change_views_per_hour", side.change, "ratio", at.isoformat(), DAY_H)
    return Fact(metric, percent(side.change), cites)
