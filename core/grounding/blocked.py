"""Phrases that no text may hold: promises, advice, hype and slurs on people."""

import re
from collections.abc import Iterator, Sequence

from core.grounding.claim import Claim
from core.grounding.reading import Reading
from core.grounding.tokens import Phrases
from core.grounding.violation import Violation
from core.grounding.wordlists import phrases

BLOCKED = phrases(
    "guaranteed, guarantee, guarantees, will definitely, definitely going, certain to, sure to, bound to, no doubt, "
    "without a doubt, undoubtedly, for sure, can't fail, cannot fail, can't miss, cannot miss, sure thing, sure bet, "
    "safe bet, risk-free, risk free, 100 % certain, 100% certain, inevitable, inevitably, will certainly, will "
    "surely, destined to, unstoppable, invest in, investment advice, investment, buy now, sell now, financial advice, "
    "get rich, make money, stock tip, trading signal, cures, cure for, heals, treats cancer, miracle, clinically "
    "proven, medically proven, doctor recommended, lose weight, weight loss, detox, medical advice, proven to, act "
    "now, don't miss, hurry, must-see, must see, game-changer, game changer, game-changing, insane, mind-blowing, "
    "jaw-dropping, crazy numbers, everyone is talking, everybody is talking, the whole world, breaking the internet, "
    "broke the internet, break the internet, going viral for sure, will go viral, is going to go viral, will explode, "
    "to the moon, as an ai, as a language model, i cannot, i'm sorry, click here, subscribe now, follow me, fake "
    "creators, bots are, bought views, fraud, scam, promised, promises to, foolproof, trust me, believe me"
)
_PLACEHOLDER = re.compile(r"\[[a-z_ ]+\d*\]|\{\{?\s*\w+\s*\}?\}|<\w+>", re.I)
_TABLE = Phrases(dict.fromkeys(BLOCKED, True))


def nothing_is_blocked(reading: Reading, claims: Sequence[Claim]) -> Iterator[Violation]:
    """No text holds a blocked phrase."""
    for first, last, _ in _TABLE.find(reading.pieces):
        span = reading.span_of(first, last)
        yield Violation("blocked", span, f"{reading.narrative.text[slice(*span)]!r} may not be said")
    inline = {one.start for one in reading.inline}
    for match in _PLACEHOLDER.finditer(reading.narrative.text):
        if match.start() not in inline:
            yield Violation("blocked", match.span(), f"{match.group()!r} was never filled in")
