"""The Semantic agent's names for clusters that the vocabulary has none for, where a language model is set up."""

from datetime import timedelta

from actors.runtime.agent import JobCall, JobReport
from actors.semantic.context import NO_MODEL, PLAYED, Desk
from pipelines.themes.asking import answered, asked
from pipelines.themes.memory import remember_answers, vocabulary_of
from prompts.vocabulary import shipped_vocabulary

TICK = timedelta(microseconds=1)


def label_clusters(call: JobCall, desk: Desk) -> JobReport:
    """Ask for names of the slot's largest clusters named after their members; the next clustering takes them up."""
    if desk.model is None:
        return JobReport({"asked": 0, "reason": NO_MODEL})
    if call.slot < desk.installation.history_ends:
        return JobReport({"asked": 0, "reason": PLAYED})
    themes = desk.lake.read("themes", start=call.slot - TICK, end=call.slot)
    vocabulary = vocabulary_of(desk.records, shipped_vocabulary())
    questions = asked(themes, vocabulary)
    labels = answered(questions, desk.model.answer([one.question for one in questions]), vocabulary)
    remember_answers(desk.records, labels, call.now)
    return JobReport({"asked": len(questions), "named": len(labels)})
