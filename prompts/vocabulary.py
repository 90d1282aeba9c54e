"""The vocabulary of themes: labels, the words that point to them, and the words that no label may hold."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib import resources

import yaml

from core.themes.name_words import WORD, plain

FEWEST_WORDS, MOST_WORDS = 2, 3
MOST_CHARACTERS = 40
LEAST_INSIDE = 5


@dataclass(frozen=True)
class Vocabulary:
    """Labels with the words that point to each, without accents.

    Parameters
    ----------
    labels: label -> words
    blocked: words no label may hold
    """

    labels: Mapping[str, tuple[str, ...]]
    blocked: frozenset[str]

    def __post_init__(self) -> None:
        for label in self.labels:
            if problem := self.problem(label):
                raise ValueError(f"vocabulary: {problem}")

    def problem(self, label: str) -> str:
        """Return in one line why a text may not be a label; empty if it may.

        Examples
        --------
        >>> Vocabulary({}, frozenset({"guaranteed"})).problem("Guaranteed Views")
        "'Guaranteed Views' holds the blocked word 'guaranteed'"
        """
        words = label.split()
        if not FEWEST_WORDS <= len(words) <= MOST_WORDS or len(label) > MOST_CHARACTERS:
            return f"{label!r} is not two or three words of at most {MOST_CHARACTERS} characters"
        text = " ".join(WORD.findall(plain(label)))
        blocked = next((word for word in sorted(self.blocked) if re.search(rf"\b{re.escape(word)}\b", text)), None)
        return f"{label!r} holds the blocked word {blocked!r}" if blocked else ""

    def pointed_at(self, words: Iterable[str], name: str = "") -> set[str]:
        """Return the labels that a hashtag points to, by its name or the words of its name."""
        text = plain(name)
        cues = {*map(plain, words), text, *(cue for cue in self._long_cues if cue in text)}
        return {label for cue in cues for label in self._labels_of.get(cue, ())}

    @cached_property
    def _labels_of(self) -> Mapping[str, list[str]]:
        labels: dict[str, list[str]] = defaultdict(list)
        for label, cues in self.labels.items():
            for cue in cues:
                labels[cue].append(label)
        return labels

    @cached_property
    def _long_cues(self) -> list[str]:
        return [cue for cue in self._labels_of if len(cue) >= LEAST_INSIDE]

    def without(self, labels: Iterable[str]) -> "Vocabulary":
        """Return the vocabulary in which these labels are blocked."""
        refused = frozenset(" ".join(WORD.findall(plain(label))) for label in labels)
        kept = {label: words for label, words in self.labels.items() if label not in set(labels)}
        return Vocabulary(kept, self.blocked | refused)

    def with_label(self, label: str, words: Iterable[str]) -> "Vocabulary":
        """Return the vocabulary with one more label; ValueError for a label that is not allowed."""
        return replace(self, labels={**self.labels, label: tuple(sorted({plain(word) for word in words}))})


@cache
def shipped_vocabulary() -> Vocabulary:
    """Return the vocabulary in `vocabulary.yaml`; ValueError if it holds a label that is not allowed."""
    content = yaml.safe_load(resources.files("prompts").joinpath("vocabulary.yaml").read_text(encoding="utf-8"))
    labels = {label: tuple(plain(str(word)) for word in words) for label, words in content["labels"].items()}
    return Vocabulary(labels, frozenset(plain(str(word)) for word in content["blocked"]))
