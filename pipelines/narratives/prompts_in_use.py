"""Which version of a prompt is in use: the records decide, and a newly shipped version takes over."""

from datetime import datetime

from prompts.prompt import Prompt, parse_prompt
from prompts.registry import load_prompt
from storage.records.interface import Records
from storage.records.rows import ChangeRow
from storage.records.rows_prompts import PromptRow, PromptSource

_IN_USE = "prompt.in_use."


def prompt_in_use(records: Records, name: str, now: datetime) -> Prompt:
    """Return the version in use; a shipped version that the records don't hold yet is stored and put into use."""
    shipped = load_prompt(name)
    held = {row.prompt_id: row for row in records.prompts(name)}
    if shipped.id not in held:
        put_in_use(records, shipped, "shipped", now, f"Prompt {name} {shipped.version} came with the software")
        return shipped
    chosen = records.value(f"{_IN_USE}{name}")
    return parse_prompt(held[chosen].content) if chosen in held else shipped


def put_in_use(
    records: Records, prompt: Prompt, source: PromptSource, now: datetime, title: str, **evidence: object
) -> None:
    """Put a version into use and log the change if it replaces another; repeating the call changes nothing."""
    before = records.value(f"{_IN_USE}{prompt.name}")
    if before not in (None, prompt.id):
        details = {"before": before, "after": prompt.id, **evidence}
        records.add_change(
            ChangeRow(change_id=f"prompt:{prompt.id}", at=now, kind="prompt", title=title, evidence=details)
        )
    records.put_value(f"{_IN_USE}{prompt.name}", prompt.id, now)
    keep(records, prompt, source, now)


def keep(records: Records, prompt: Prompt, source: PromptSource, now: datetime) -> None:
    """Store a version without using it."""
    row = PromptRow(
        prompt_id=prompt.id,
        name=prompt.name,
        version=prompt.version,
        digest=prompt.digest,
        source=source,
        content=prompt.content,
        added_at=now,
    )
    records.add_prompt(row)


def ids_in_use(records: Records) -> frozenset[str]:
    """Ids of the versions in use."""
    names = {row.name for row in records.prompts()}
    return frozenset(str(chosen) for name in names if (chosen := records.value(f"{_IN_USE}{name}")))
