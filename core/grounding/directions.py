"""Words of rising and falling without a number of their own, levels (rose to 12k) and "more than before"."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from core.grounding.evidence import Violation
from core.grounding.figures import Figure
from core.grounding.number_directions import first_joint, is_expected
from core.grounding.parsing import ParsedText, is_hypothetical
from core.grounding.superlatives import superlatives_by_denial
from core.grounding.support import AMOUNT, DIFFERENCE, LEVEL, ORIGIN, Claim, pairs, steps
from core.grounding.vocabulary import ACCELERATION_WORDS, COMPARATIVES, FLAT, PACE_WORDS

_DENIALS = frozenset(["not", "no", "never", "without", "hardly", "nothing"])
_FLAT_BELOW, _EVEN_CHANCE = 0.05, 0.5
_GAINED = frozenset({"gain", "gains", "gained"})
_REACH = 7


def directions_agree(parsed: ParsedText, claims: Sequence[Claim]) -> Iterator[Violation]:
    """Yield each word of rising, falling or standing still that no cited change agrees with.

    A word is compared with the changes printed in its clause, else in its sentence, else with the cited changes of the
    hashtags it is about. A hypothetical range (if it rose from 8k to 12k) is compared with its own two numbers.
    """
    bound = {
        claim.direction.first for claim in claims if claim.direction is not None and claim.direction.role == AMOUNT
    }
    bound |= {at for first, last in superlatives_by_denial(parsed.tokens, parsed.words) for at in range(first, last)}
    for first, last, sign in parsed.direction_words:
        if first not in bound and not _compares_hashtags(parsed, last):
            step = _from_to(first, claims)
            if step is not None:
                agrees = step * sign > 0
            elif is_hypothetical(parsed, first):
                agrees = True
            elif is_expected(parsed, first, last):
                agrees = _forecast_agrees(parsed, first, sign)
            elif _is_denied(parsed, first):
                agrees = changes_agree(parsed, claims, first, -sign)
            else:
                agrees = changes_agree(parsed, claims, first, sign)
            if not agrees:
                word = " ".join(token.text for token in parsed.tokens[first:last])
                yield Violation("direction", parsed.span_of(first, last), f"{word!r} has no cited change of that sign")
    yield from _reversed_ranges(parsed, claims)
    for first, last, _ in FLAT.find(parsed.tokens):
        if not _a_change_is_near_zero(parsed, claims, first):
            span = parsed.span_of(first, last)
            yield Violation("direction", span, f"{parsed.source.text[slice(*span)]!r}, but no cited change is near 0")


def more_than_before_agrees(parsed: ParsedText, claims: Sequence[Claim]) -> Iterator[Violation]:
    """Yield each "more" or "fewer" than before that older readings and cited paces contradict."""
    bound = {claim.direction.first for claim in claims if claim.direction is not None}
    for span in parsed.spans:
        if not span.earlier:
            continue
        for at in range(max(0, span.first - _REACH), span.first):
            sign = COMPARATIVES.get(parsed.tokens[at].text, 0)
            beside = [token.text for token in parsed.tokens[at + 1 : span.first]]
            alike = parsed.sentence[at] == parsed.sentence[span.first]
            if (
                sign
                and alike
                and at not in bound
                and "than" in beside
                and not _changed_since(parsed, at, span.first, sign)
            ):
                yield Violation("direction", parsed.span_of(at, span.last), "no cited change since then has that sign")


def _compares_hashtags(parsed: ParsedText, last: int) -> bool:
    """Return whether a word of more or less compares two hashtags (higher than #b), which another rule checks."""
    texts = [token.text for token in parsed.tokens[last : last + 6]]
    if "than" not in texts:
        return False
    after = last + texts.index("than") + 1
    return any(token.kind == "tag" for token in parsed.tokens[after : after + 4])


def _is_denied(parsed: ParsedText, first: int) -> bool:
    """Return whether a word of direction is denied: isn't growing, no longer rising."""
    before = [token.text for token in parsed.tokens[max(0, first - 3) : first]]
    return any(word in _DENIALS or word.endswith("n't") for word in before)


def _forecast_agrees(parsed: ParsedText, first: int, sign: int) -> bool:
    """Return whether a forecast is backed: a surge by a probability, a direction by a forecast growth."""
    ahead = [figure for figure in parsed.cited if figure.kind.forecast]
    subjects = parsed.subjects[parsed.sentence[first]]
    chances = [
        figure for figure in ahead if "probability" in figure.kind.topics and (not subjects or figure.tag in subjects)
    ]
    if sign > 0 and "unlikely" in parsed.words[parsed.sentence[first]]:
        return any(figure.metric.value < _EVEN_CHANCE for figure in chances)
    if sign > 0 and chances:
        return True
    return any(figure.metric.value * sign > 0 for figure in ahead if figure.change)


def _from_to(first: int, claims: Sequence[Claim]) -> float | None:
    """Return the step between two numbers (from 8k to 12k; 12k, up from 8k); None if the word states no origin."""
    for place, claim in enumerate(claims):
        if claim.direction is not None and claim.direction.role == ORIGIN and claim.direction.first == first:
            others = [*claims[place + 1 : place + 2], *claims[place - 1 : place]]
            beyond = [claim_behind for claim_behind in others[:1] if claim_behind.number.first - claim.number.last <= 2]
            for other in beyond or others[::-1]:
                if other.number.kind == claim.number.kind:
                    step = _signed(other) - _signed(claim)
                    return 0.0 if _older(other, claim) else -step if claim.number.kind == "rank" else step
    return None


def _reversed_ranges(parsed: ParsedText, claims: Sequence[Claim]) -> Iterator[Violation]:
    """Yield each range that goes from a newer reading to an older one."""
    for start, end in pairwise(claims) if parsed.older else ():
        firsts = [claim.number.first for claim in (start, end) if claim.number.first]
        joints = [parsed.tokens[first_joint(parsed.tokens, first)].text for first in firsts]
        if joints == ["from", "to"] and _older(end, start):
            yield Violation("direction", (start.number.start, end.number.end), "goes from the newer to the older")


def _older(claim: Claim, other: Claim) -> bool:
    """Return whether a claim rests on an older reading of the figure that another claim rests on."""
    if not claim.supports or not other.supports:
        return False
    first, second = claim.supports[0].figures[:1], other.supports[0].figures[:1]
    return any(
        a.kind.family == b.kind.family and a.metric.window_end < b.metric.window_end for a in first for b in second
    )


def _signed(claim: Claim) -> float:
    """Return the signed value of a claim."""
    return claim.supports[0].value if claim.supports else claim.number.value


def _a_change_is_near_zero(parsed: ParsedText, claims: Sequence[Claim], first: int) -> bool:
    """Return whether a change in the sentence, else any cited pace, is near 0."""
    sentence = parsed.sentence[first]
    stated = [
        support.value
        for claim in claims
        if parsed.sentence[claim.number.first] == sentence
        for support in claim.supports
        if support.change
    ]
    values = stated or [figure.metric.value for figure in parsed.cited if figure.pace]
    return any(abs(value) < _FLAT_BELOW for value in values)


def changes_agree(parsed: ParsedText, claims: Sequence[Claim], first: int, sign: int) -> bool:
    """Return whether the changes that the word at token `first` refers to go up (`sign` 1) or down (-1)."""
    levels = [
        claim
        for claim in claims
        if claim.direction is not None and claim.direction.role == LEVEL and claim.direction.first == first
    ]
    if levels:
        return _level_was_reached(parsed, levels, sign)
    clause = parsed.clause[first]
    stepped = _steps_in_clause(parsed, clause)
    if stepped is not None:
        return any(step * sign > 0 for step in stepped)
    word = parsed.tokens[first].text
    if word in ("above", "below"):
        seen = [figure for figure in _observed_changes(parsed) if figure.pace]
        unusual = [figure for figure in parsed.cited if figure.kind.family == "z"] or seen
        return any(figure.metric.value * sign > 0 for figure in unusual)
    agrees = _stated_changes_agree(parsed, claims, first, sign)
    if agrees is not None:
        return agrees
    own = frozenset(tag for at, tag in parsed.tags if parsed.clause[at] == clause)
    subjects = own or parsed.subjects[parsed.sentence[first]]
    cited = [
        (figure, figure.metric.value) for figure in _observed_changes(parsed) if not subjects or figure.tag in subjects
    ]
    fitting = _changes_meant(cited, word) or [
        (pair.figures[0], pair.value) for pair in pairs(parsed.cited) if pair.how == DIFFERENCE
    ]
    return any(value * sign > 0 for _, value in fitting)


def _level_was_reached(parsed: ParsedText, levels: Sequence[Claim], sign: int) -> bool:
    """Return whether a level was reached from that side, by an older reading or by a cited change of the same topic."""
    figures = [figure for claim in levels for support in claim.supports for figure in support.figures]
    now = {figure.metric.id for figure in figures}
    about = {topic for figure in figures for topic in figure.kind.topics}
    older = [step for step in steps(parsed.cited, about) if step.figures[0].metric.id in now]
    if older:
        return any(step.lead * sign > 0 for step in older)
    moved = [figure for figure in _observed_changes(parsed) if figure.kind.topics & about]
    if any(figure.pace for figure in figures):
        moved = [figure for figure in moved if figure.accelerates] or [figure for figure in moved if figure.pace]
    return any(figure.metric.value * sign > 0 for figure in moved if figure.pace or sign > 0)


def _steps_in_clause(parsed: ParsedText, clause: int) -> list[float] | None:
    """Return the steps since older readings of the clause's topics; None without any or beside a cited pace."""
    places = [at for at, of in enumerate(parsed.clause) if of == clause]
    topics = parsed.topics(places[0], places[-1] + 1)
    if not topics or any(figure.pace and figure.kind.topics & topics for figure in parsed.cited):
        return None
    return [step.lead for step in steps(parsed.cited, topics)] or None


def _stated_changes_agree(parsed: ParsedText, claims: Sequence[Claim], first: int, sign: int) -> bool | None:
    """Return whether the changes printed in the clause, else in the sentence, agree; None if none decides."""
    clause, sentence, word = parsed.clause[first], parsed.sentence[first], parsed.tokens[first].text
    stated = [(claim, support) for claim in claims for support in claim.supports if support.change]
    near = [support for claim, support in stated if parsed.clause[claim.number.first] == clause]
    around = [support for claim, support in stated if parsed.sentence[claim.number.first] == sentence]
    own = {tag for at, tag in parsed.tags if parsed.clause[at] == clause}
    if len(own) == 1:
        around = [support for support in around if all(figure.tag in own for figure in support.figures)]
    if word not in PACE_WORDS:
        around = [support for support in around if not support.figures[0].accelerates]
    for scope in (near, around):
        fitting = _changes_meant([(support.figures[0], support.value) for support in scope], word)
        paced = any(figure.pace or support.how == DIFFERENCE for support in scope for figure in support.figures)
        if fitting and (sign > 0 or paced):
            return any(value * sign > 0 for _, value in fitting)
        if any(value * sign > 0 for _, value in fitting):
            return True
    return None


def _observed_changes(parsed: ParsedText) -> list[Figure]:
    """Return the cited changes that were observed, not forecast."""
    return [figure for figure in parsed.cited if figure.change and not figure.kind.forecast]


def _changes_meant(changes: Sequence[tuple[Figure, float]], word: str) -> list[tuple[Figure, float]]:
    """Return the changes that a word refers to.

    Accelerating refers to an acceleration, faster to a pace, gained to an amount, rising to a pace or an amount.
    """
    amounts = [change for change in changes if change[0].metric.unit == "count"]
    if word in _GAINED and amounts:
        return amounts
    accelerations = [change for change in changes if change[0].accelerates]
    paces = [change for change in changes if change[0].pace and not change[0].accelerates]
    if word in ACCELERATION_WORDS and accelerations:
        return accelerations
    if word in PACE_WORDS:
        return [*paces, *accelerations] or list(changes)
    return paces or [change for change in changes if not change[0].accelerates] or list(changes)


def _changed_since(parsed: ParsedText, first: int, last: int, sign: int) -> bool:
    """Return whether a figure of the topics named between two tokens changed in the direction of `sign`."""
    topics = parsed.topics(first, last)
    subjects = parsed.subjects[parsed.sentence[first]]
    cited = [figure for figure in parsed.cited if not subjects or figure.tag in subjects]
    since = [step.lead for step in steps(cited, topics)] if topics else []
    paces = [figure for figure in cited if figure.pace and not figure.kind.forecast and not figure.accelerates]
    changes = since or [figure.metric.value for figure in paces if not topics or figure.kind.topics & topics]
    return any(value * sign > 0 for value in changes)
