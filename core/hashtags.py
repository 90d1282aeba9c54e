"""What makes two spellings of a hashtag the same hashtag: its key.

Everything that stores a hashtag or asks for one makes its key here. The key looks like the hashtag to the eye: width,
case and what is invisible make no difference, other letters do, so that the three Arabic forms of yeh stay three.
"""

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = re.compile(  # Default_Ignorable_Code_Point of Unicode, marks of interlinear annotation, Braille blank
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_DOTTED_I = re.compile("i\u0307+")
_REFUSED = re.compile(r"[/<&\s\x00-\x1f\x7f-\x9f\ud800-\udfff]")  # \s holds every separator of Unicode
_MADE_BLANK = "\u0020"


@lru_cache(maxsize=1 << 16)
def clean_hashtag(text: str) -> str:
    """Return the key of a hashtag; an empty string for what is none.

    Compatible forms become one (NFKC), case is folded by Unicode's rules with dotted capital I as i, invisible
    characters (joiners, variation selectors, marks of direction) are dropped, and so is #. A text with `/`, `<`, `&`,
    a control character, half a character (a lone surrogate) or a separator within is no hashtag.

    Examples
    --------
    >>> clean_hashtag("#Ｂook\u200bTok ")
    'booktok'
    >>> clean_hashtag("İstanbul") == clean_hashtag("ISTANBUL"), clean_hashtag("Straße") == clean_hashtag("STRASSE")
    (True, True)
    >>> clean_hashtag("fypシ゚") == clean_hashtag(clean_hashtag("fypシ゚"))
    True
    >>> clean_hashtag("book tok"), clean_hashtag("a/b")
    ('', '')
    """
    if text.isascii() and text.isalnum():
        return text.lower()
    stripped = text.strip()
    if _REFUSED.search(stripped):
        return ""
    key = _folded(stripped)
    while (again := _folded(key)) != key:
        key = again
    return "" if _REFUSED.search(key) else key


def _folded(text: str) -> str:
    """Return one round of folding. Some characters need two: what one round makes of them folds again."""
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text).replace("#", ""))
    folded = _DOTTED_I.sub("i", unicodedata.normalize("NFD", plain.casefold()))
    return unicodedata.normalize("NFKC", folded).replace("#", "").replace(_MADE_BLANK, "")
