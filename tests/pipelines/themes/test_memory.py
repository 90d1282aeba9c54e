"""Labels are remembered, proposed to the vocabulary and decided on by people; a model's answers are taken up."""

import json
from datetime import UTC, datetime

import pytest

from core.errors import UsageError
from pipelines.themes.asking import NONE_OF_THESE, answered, asked
from pipelines.themes.clusters import Before
from pipelines.themes.memory import (
    decide,
    labels_given,
    proposals,
    remember,
    remember_answers,
    vocabulary_of,
)
from pipelines.themes.themes import ThemeMaker, Themes
from prompts.llm.interface import Answer
from prompts.vocabulary import shipped_vocabulary
from storage.memory.records import MemoryRecords
from storage.records.interface import Records
from tests.support.theme_videos import videos

AT = datetime(2025, 5, 14, 6, tzinfo=UTC)


def made(records: Records) -> Themes:
    vocabulary = vocabulary_of(records, shipped_vocabulary())
    made = ThemeMaker(vocabulary).make(videos(6), Before({}, {}, {}), labels_given(records), AT)
    remember(records, made)
    return made


def of_tea(themes: Themes) -> str:
    return next(cluster.cluster_id for cluster in themes.clustering.clusters if "oolong" in cluster.members)


def test_a_name_after_members_is_proposed_and_once_accepted_is_the_vocabulary_s() -> None:
    records = MemoryRecords()
    first = made(records)
    (label,) = proposals(records)
    assert first.labels[of_tea(first)].text == label
    decide(records, label, True, AT)
    assert proposals(records) == {}
    again = made(records)
    assert (again.labels[of_tea(again)].text, again.labels[of_tea(again)].source) == (label, "vocabulary")
    assert proposals(records) == {}


def test_a_rejected_name_is_not_shown_again() -> None:
    records = MemoryRecords()
    (label,) = (made(records), proposals(records))[1]
    decide(records, label, False, AT)
    again = made(records)
    assert again.labels[of_tea(again)].text != label
    with pytest.raises(UsageError, match="is proposed"):
        decide(records, label, True, AT)


@pytest.mark.parametrize(
    ("answer", "label"),
    [
        ({"proposal": "Tea Rituals", "label": NONE_OF_THESE}, ("Tea Rituals", "model")),
        ({"proposal": "Sexy Tea", "label": NONE_OF_THESE}, None),
        ({"proposal": "tea", "label": NONE_OF_THESE}, None),
        ({"proposal": "Tea Rituals", "label": "Invented Label"}, None),
    ],
)
def test_a_model_s_answer_is_taken_where_it_may_be_shown(answer: dict[str, str], label: tuple[str, str] | None) -> None:
    records, vocabulary = MemoryRecords(), shipped_vocabulary()
    first = made(records)
    questions = asked(first.themes, vocabulary)
    assert [question.cluster_id for question in questions] == [of_tea(first)]
    labels = answered(questions, [Answer(json.dumps(answer))], vocabulary)
    remember_answers(records, labels, AT)
    again = made(records)
    now = again.labels[of_tea(again)]
    assert (now.text, now.source) == (label or (first.labels[of_tea(first)].text, "members"))


def test_a_dead_model_changes_nothing() -> None:
    vocabulary = shipped_vocabulary()
    questions = asked(made(MemoryRecords()).themes, vocabulary)
    assert answered(questions, [Answer(None, "connection refused")], vocabulary) == {}
