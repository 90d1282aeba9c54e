"""Labels of themes in the records: those in use, a language model's answers and people's decisions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.errors import UsageError
from pipelines.themes.labels import Label
from pipelines.themes.themes import Themes
from prompts.vocabulary import Vocabulary
from storage.records.interface import Records

LABELS, ANSWERS = "theme_labels", "theme_label_answers"
PROPOSED, ACCEPTED, REJECTED = "vocabulary_proposed", "vocabulary_accepted", "vocabulary_rejected"
MOST_PROPOSED = 200


def vocabulary_of(records: Records, shipped: Vocabulary) -> Vocabulary:
    """Return the shipped vocabulary with the labels people accepted, and without those they rejected."""
    accepted: dict[str, list[str]] = records.value(ACCEPTED) or {}
    for label, words in accepted.items():
        shipped = shipped.with_label(label, words)
    return shipped.without(records.value(REJECTED) or [])


def labels_given(records: Records) -> dict[str, Label]:
    """Return the labels in use by cluster; a language model's answer stands for a name taken from members."""
    used = {name: Label.from_json(label) for name, label in (records.value(LABELS) or {}).items()}
    answered = {name: Label.from_json(label) for name, label in (records.value(ANSWERS) or {}).items()}
    return used | {name: label for name, label in answered.items() if name in used and used[name].source == "members"}


def remember(records: Records, themes: Themes) -> None:
    """Store the labels of a cycle, and propose those that the vocabulary lacks."""
    records.put_value(LABELS, {name: label.to_json() for name, label in themes.labels.items()}, themes.at)
    proposed_before: Mapping[str, Any] = records.value(PROPOSED) or {}
    decided = {*(records.value(ACCEPTED) or {}), *(records.value(REJECTED) or [])}
    fresh = {
        label.text: {"words": list(label.members), "source": label.source, "at": themes.at.isoformat()}
        for label in themes.labels.values()
        if label.source != "vocabulary"
    }
    proposed = {text: facts for text, facts in {**fresh, **proposed_before}.items() if text not in decided}
    newest = sorted(proposed.items(), key=lambda row: row[1]["at"], reverse=True)[:MOST_PROPOSED]
    records.put_value(PROPOSED, dict(newest), themes.at)


def remember_answers(records: Records, answers: Mapping[str, Label], now: datetime) -> None:
    """Store a language model's answers, and drop those for clusters that no longer have a label."""
    alive = records.value(LABELS) or {}
    kept = {name: label for name, label in (records.value(ANSWERS) or {}).items() if name in alive}
    records.put_value(ANSWERS, kept | {name: label.to_json() for name, label in answers.items()}, now)


def proposals(records: Records) -> dict[str, dict[str, Any]]:
    """Return the labels proposed, newest first: text -> words, source, at."""
    return dict(records.value(PROPOSED) or {})


def decide(records: Records, label: str, accepted: bool, now: datetime) -> None:
    """Accept or reject a proposed label; UsageError for one that was not proposed."""
    waiting = proposals(records)
    if label not in waiting:
        raise UsageError(f"no label {label!r} is proposed; `groundswell vocabulary list` shows those that are")
    facts = waiting.pop(label)
    if accepted:
        records.put_value(ACCEPTED, {**(records.value(ACCEPTED) or {}), label: facts["words"]}, now)
    else:
        records.put_value(REJECTED, [*(records.value(REJECTED) or []), label], now)
    records.put_value(PROPOSED, waiting, now)
