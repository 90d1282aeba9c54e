"""The Semantic agent's names for clusters that the vocabulary has none for, where a language model is set up."""

from actors.runtime.agent import JobCall, JobReport
from actors.semantic.context import NO_MODEL, PLAYED, SemanticContext
from core.windows import MICROSECOND
from pipelines.themes.asking import answered, asked
from pipelines.themes.memory import remember_answers, vocabulary_of
from prompts.vocabulary import shipped_vocabulary


def label_clusters(call: JobCall, context: SemanticContext) -> JobReport:
    """Ask for names of the slot's largest clusters named after their members; the next clustering takes them up."""
    if context.model is None:
        return JobReport({"asked": 0, "reason": NO_MODEL})
    if call.slot < context.installation.history_ends:
        return JobReport({"asked": 0, "reason": PLAYED})
    themes = context.lake.read("themes", start=call.slot - MICROSECOND, end=call.slot)
    vocabulary = vocabulary_of(context.records, shipped_vocabulary())
    questions = asked(themes, vocabulary)
    labels = answered(questions, context.model.answer([one.question for one in questions]), vocabulary)
    remember_answers(context.records, labels, call.now)
    return JobReport({"asked": len(questions), "named": len(labels)})
