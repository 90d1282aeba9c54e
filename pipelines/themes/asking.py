"""Questions to a language model about clusters that the vocabulary can't name, and labels from its answers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipelines.themes.labels import Label
from prompts.llm.asking import Choices, question, read
from prompts.llm.interface import Answer, Question
from prompts.registry import load_prompt
from prompts.vocabulary import Vocabulary

MOST_ASKED = 8
SHOWN_MEMBERS = 12
OFFERED = 8
NONE_OF_THESE = "none of these"


@dataclass(frozen=True)
class ClusterQuestion:
    """One question with the cluster it is about."""

    cluster_id: str
    members: tuple[str, ...]
    question: Question
    choices: Choices


def asked(themes: pl.DataFrame, vocabulary: Vocabulary) -> list[ClusterQuestion]:
    """Return questions about the largest clusters that are named after their members.

    Labels are offered that at least one member or caption word points to.
    """
    unnamed = themes.filter(pl.col("label_source") == "members").sort(["size", "cluster_id"], descending=[True, False])
    return [_question(row, vocabulary) for row in unnamed.head(MOST_ASKED).iter_rows(named=True)]


def answered(
    questions: Sequence[ClusterQuestion], answers: Sequence[Answer], vocabulary: Vocabulary
) -> dict[str, Label]:
    """Return labels by cluster: one of the vocabulary, else the model's proposal where it may be shown."""
    labels: dict[str, Label] = {}
    for theme, answer in zip(questions, answers, strict=True):
        value = read(load_prompt("theme_label"), answer, theme.choices).value
        if value is None:
            continue
        chosen = value["label"] != NONE_OF_THESE
        text = value["label"] if chosen else " ".join(value["proposal"].split())
        if not vocabulary.problem(text):
            labels[theme.cluster_id] = Label(text, "vocabulary" if chosen else "model", theme.members)
    return labels


def _question(row: Mapping[str, Any], vocabulary: Vocabulary) -> ClusterQuestion:
    members, keywords = row["members"], row["keywords"]
    pointing = [vocabulary.pointed_at((), tag) for tag in members]
    pointing += [vocabulary.pointed_at(word.split()) for word in keywords]
    hits = Counter(label for labels in pointing for label in labels)
    near = sorted((label for label in vocabulary.labels if hits[label]), key=lambda label: -hits[label])
    offered = [*near[:OFFERED], NONE_OF_THESE]
    inputs = {"hashtags": members[:SHOWN_MEMBERS], "keywords": keywords[:SHOWN_MEMBERS], "labels": offered}
    choices = {"labels": offered}
    asked_of = question(load_prompt("theme_label"), inputs, choices)
    return ClusterQuestion(row["cluster_id"], tuple(members), asked_of, choices)
