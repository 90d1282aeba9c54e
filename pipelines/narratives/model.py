"""Narratives by a language model: grounded bullets for all leaders of a cycle in one batch."""

from collections.abc import Sequence

from core.grounding.rules import TextCheck
from pipelines.narratives.ask import AnsweredBatch, Case, ask, statements
from pipelines.narratives.evidence import Bullet, Subject, bullets_of
from pipelines.narratives.narrate import narrative_row
from prompts.llm.interface import LanguageModel
from prompts.prompt import Prompt
from storage.records.rows import NarrativeRow

FEWEST = 2


def cases(subjects: Sequence[Subject], template: Prompt) -> list[Case]:
    """Return a case for each hashtag with enough facts; the template covers the others.

    The facts are the template's bullets that cite a single figure: the model's task is to say how they relate.
    """
    chosen = []
    for subject in subjects:
        bullets, evidence = bullets_of(template, subject)
        plain = [bullet for bullet in bullets if len(bullet.cites) == 1 and bullet.cites[0] not in evidence.drivers]
        facts = [{"id": bullet.cites[0], "text": bullet.text} for bullet in plain]
        if len(facts) >= FEWEST:
            inputs = {"tag": subject.hashtag, "theme": subject.theme, "facts": facts}
            choices = {"cites": [fact["id"] for fact in facts]}
            chosen.append(Case(subject.narrative_id, inputs, choices, evidence))
    return chosen


def narrate_by_model(
    model: LanguageModel,
    prompt: Prompt,
    template: Prompt,
    subjects: Sequence[Subject],
    templates: Sequence[NarrativeRow],
    check: TextCheck,
) -> tuple[list[NarrativeRow], AnsweredBatch]:
    """Return the narratives of a cycle, the model's wherever they pass the gate, and all its answers.

    Parameters
    ----------
    templates: the narratives that stand where the model's do not, by the same ids
    check: see `ask`
    """
    batch = ask(model, prompt, cases(subjects, template), check)
    accepted = batch.accepted()
    of = {subject.narrative_id: subject for subject in subjects}
    rows = []
    for row in templates:
        attempt = accepted.get(row.narrative_id)
        if attempt is None:
            rows.append(row)
            continue
        bullets = [Bullet(" ".join(text.split()), cites) for text, cites in dict(statements(attempt.value)).items()]
        subject, evidence = of[row.narrative_id], attempt.case.evidence
        rows.append(narrative_row(subject, bullets, evidence, prompt, model=model.name))
    return rows, batch
