"""The Semantic agent's judgements: what looks boosted, what would change a prediction, which themes collide."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from actors.agent import JobCall, JobReport
from actors.handoff import gather
from actors.semantic_desk import Desk
from core.boosting import YOUNG, judge
from core.metrics_ranks import MomentumRule
from models.interface import Model
from models.registry import load
from pipelines.ask import Asked
from pipelines.collision_words import collision_rows, find_collisions
from pipelines.counterfactual_words import counterfactual_rows
from pipelines.counterfactuals import counterfactuals
from pipelines.opinions import judge_risks, word_collisions, word_counterfactuals
from pipelines.prompts_in_use import prompt_in_use
from pipelines.risks import risk_rows
from pipelines.young_posts import YoungPosts, advance_from_lake
from storage.records.judgements import CounterfactualRow, RiskRow

HOUR = timedelta(hours=1)
ANSWERS_KEPT = timedelta(days=30)
