"""How a hashtag is written: lower case, NFKC, without #."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=1 << 16)
def clean_hashtag(text: str) -> str:
    """Return the canonical spelling of a hashtag; an empty string when nothing is left of it.

    Examples
    --------
    >>> clean_hashtag("#Ｂook\u200bTok ")
    'booktok'
    >>> clean_hashtag("fypシ゚") == clean_hashtag(clean_hashtag("fypシ゚"))
    True
    """
    lowered = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())
    return "".join(lowered.replace("#", "").replace("\u200b", "").split())
