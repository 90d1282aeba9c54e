"""What can be made to go wrong at the stand-in server: each fault has a switch that tells how often."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import xxhash

from core.errors import UsageError

FAULTS: Mapping[str, str] = {
    "slow_answer": "the answer takes two seconds",
    "no_answer": "the connection breaks off before the body, after charging, once for each request",
    "error_500": "an internal error, once for each request: asked again, it is answered",
    "error_429": "too many requests, once for each request",
    "html_502": "a gateway's HTML page with status 502, once for each request",
    "broken_json": "the body is cut in half",
    "json_list": "the body is a JSON list instead of an object",
    "data_with_error": "a good body under status 404",
    "null_data": "status 200 with data null, charged all the same",
    "unknown_user_null": "an unknown user is answered with data null instead of 463",
    "item_refused": "a request about one user or post is refused with 471, 472, 473, 474, 469 or 520",
    "photo_urls": "post/info does not know the address of a photo post",
    "other_cards": "a search holds a card that is no video",
    "no_units_header": "the header units_charged is missing",
    "alternate_envelope": "items stand elsewhere: under aweme_list, in a bare list or one level deeper",
    "duplicate_pages": "a page repeats half of the posts of the page before",
    "repeated_cursor": "nextCursor is the cursor that was sent",
    "empty_page": "a page in the middle of a feed is empty, with a cursor",
    "early_end": "a feed ends after its first page",
    "zero_plays": "a post shows 0 plays",
    "missing_plays": "a post has no play_count",
    "falling_counts": "a post's counters show less than they did, by up to a tenth",
    "deleted_posts": "a post is gone from answers by id",
    "pinned_posts": "an account's best post stands first in its posts, with is_top",
}


@dataclass(frozen=True)
class Faults:
    """How often each fault strikes; the same questions meet the same faults.

    Parameters
    ----------
    shares: name -> share of the chances that it strikes, 0 to 1
    seed: another seed, other victims
    """

    shares: Mapping[str, float] = field(default_factory=dict)
    seed: int = 0

    def __post_init__(self) -> None:
        for name, share in self.shares.items():
            if name not in FAULTS:
                raise UsageError(f"there is no fault {name!r}; there are {', '.join(FAULTS)}")
            if not 0 <= share <= 1:
                raise UsageError(f"fault {name}: {share:g} is no share between 0 and 1")

    def strikes(self, name: str, *key: object) -> bool:
        """Whether the fault strikes at this chance, which `key` names."""
        share = self.shares.get(name, 0.0)
        return share > 0 and self.drawn(name, *key) < share

    def drawn(self, *key: object) -> float:
        """A number in [0, 1) that depends on the seed and the key alone."""
        return xxhash.xxh64_intdigest("|".join(map(str, (self.seed, *key)))) / 2**64


def read_faults(texts: Sequence[str], seed: int = 0) -> Faults:
    """Read switches written `name=share` or `name` for always; a UsageError tells what is wrong with one.

    Examples
    --------
    >>> read_faults(["duplicate_pages=0.1", "error_500"]).shares
    {'duplicate_pages': 0.1, 'error_500': 1.0}
    """
    shares = {}
    for text in texts:
        name, _, share = text.partition("=")
        try:
            shares[name.strip()] = float(share) if share else 1.0
        except ValueError:
            raise UsageError(f"fault {text!r}: write name=share, for example duplicate_pages=0.1") from None
    return Faults(shares, seed)
