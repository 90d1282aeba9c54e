"""The promotion of models: the rule by which a challenger replaces the champion, and the records of a change."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import xxhash

from core.evaluation.intervals import Estimate
from core.evaluation.model_ids import CHALLENGER, CHAMPION, PREVIOUS
from models.last_growth import LastGrowth
from models.registry.store import ModelCard, store
from storage.records.interface import Records
from storage.records.rows import ChangeRow, ModelRow
from tuning.takeovers import PROMOTION, settle, takeover

SHADOW = "shadow:"
GAIN = 1.05
CALIBRATION_SLACK = 0.02
SHOWN = ("pr_auc", "calibration_error", "auc", "brier", "precision_at_10", "lift", "base_rate")


@dataclass(frozen=True)
class PromotionDecision:
    """Whether the challenger becomes champion, and why.

    Parameters
    ----------
    promoted: whether it becomes champion
    reason: one sentence with the figures that decided
    challenger, champion: model ids
    evidence: both models' figures on the same rows, the period and the rule
    """

    promoted: bool
    reason: str
    challenger: str
    champion: str
    evidence: Mapping[str, Any]


def decide(
    challenger: str,
    champion: str,
    challenger_figures: Mapping[str, Estimate],
    champion_figures: Mapping[str, Estimate],
    period: Mapping[str, Any],
) -> PromotionDecision:
    """Apply the promotion rule (docs/formulas.md, section 5) to figures on the same rows.

    The challenger is promoted if its PR-AUC >= 1.05 x the champion's and its mean calibration error less the champion's
    < 0.02. If a figure is undefined for either model, it is not promoted.

    Parameters
    ----------
    challenger, champion: model ids
    challenger_figures, champion_figures: figures of both models on the same rows
    period: description of the rows, for the evidence
    """
    evidence = {
        "rule": f"PR-AUC >= {GAIN} x the champion's and calibration error less the champion's < {CALIBRATION_SLACK}",
        "challenger": _shown(challenger_figures),
        "champion": _shown(champion_figures),
        "period": dict(period),
    }
    new, old = challenger_figures["pr_auc"].value, champion_figures["pr_auc"].value
    new_error, old_error = (f["calibration_error"].value for f in (challenger_figures, champion_figures))
    if new is None or old is None or new_error is None or old_error is None:
        return PromotionDecision(False, "nothing surged in the rows compared", challenger, champion, evidence)
    better, calibrated = new >= GAIN * old, new_error - old_error < CALIBRATION_SLACK
    reason = (
        f"PR-AUC {new:.3f} against {old:.3f} ({'enough' if better else f'under {GAIN} x'}), "
        f"calibration error {new_error:.3f} against {old_error:.3f} ({'fine' if calibrated else 'too much worse'})"
    )
    return PromotionDecision(better and calibrated, reason, challenger, champion, evidence)


def apply(decision: PromotionDecision, records: Records, now: datetime) -> None:
    """Write a decision: first the change log, then the aliases, which follow it.

    A second call, also after a crash halfway, gives the same result.
    """
    kind = PROMOTION if decision.promoted else "challenger_kept_out"
    verb = "replaces" if decision.promoted else "does not replace"
    title = f"{decision.challenger} {verb} {decision.champion}: {decision.reason}"
    change_id = xxhash.xxh64_hexdigest(f"{kind}|{decision.challenger}|{decision.champion}|{now.isoformat()}")
    ids = takeover(decision.challenger, decision.champion) if decision.promoted else {}
    records.add_change(
        ChangeRow(change_id=change_id, at=now, kind=kind, title=title, evidence={**decision.evidence, **ids})
    )
    records.set_alias(CHALLENGER, decision.challenger, now)
    settle(records, now)


def register(card: ModelCard, records: Records) -> None:
    """Add a stored model to the records; a model that is there already stays unchanged."""
    state = {name: value for name, value in asdict(card).items() if name != "files_hash"}
    records.add_model(ModelRow(**state))


def ensure_champion(records: Records, models_root: Path, now: datetime) -> str:
    """Return the champion's id; without a champion, an untrained last-24h-growth model becomes champion."""
    champion = records.alias(CHAMPION)
    if champion is not None:
        return champion
    card = store(models_root, LastGrowth(), now)
    register(card, records)
    records.set_alias(CHAMPION, card.model_id, now)
    change_id = xxhash.xxh64_hexdigest(f"first_champion|{card.model_id}")
    title = f"{card.model_id} is the first champion: nothing is trained yet"
    records.add_change(
        ChangeRow(change_id=change_id, at=now, kind=PROMOTION, title=title, evidence=takeover(card.model_id, None))
    )
    return card.model_id


def shadow_ids(records: Records, kinds: tuple[str, ...]) -> list[str]:
    """Return the models that score in the shadow: the previous champion, the challenger, the newest of each kind."""
    names = (PREVIOUS, CHALLENGER, *(SHADOW + kind for kind in kinds))
    model_ids = [records.alias(name) for name in names]
    champion = records.alias(CHAMPION)
    return list(dict.fromkeys(model_id for model_id in model_ids if model_id is not None and model_id != champion))


def _shown(figures: Mapping[str, Estimate]) -> dict[str, Any]:
    return {name: asdict(figures[name]) for name in SHOWN if name in figures}
