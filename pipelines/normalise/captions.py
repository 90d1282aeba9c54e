"""Takes personal data out of captions before they are stored: handles, mail addresses, links, accounts, phone numbers.

Every pattern is bounded, and begins where a word begins: the time grows with the length of the caption alone.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from pipelines.normalise.phone_numbers import phone_numbers, words

Spans = Iterator[tuple[int, int]]
ANY_HANDLE = "@__".encode("utf-16-le")
MOST_PASSES = 6  # what is left when a piece is taken out may form another one

_HIDDEN = dict.fromkeys("\u200b\u200e\u200f\u2060\ufeff\u00ad", "\u2060")
_DOTS, _DASHES, _BLANKS = (
    ".\u3002\uff61\u2024\u2219",
    "-\u2010\u2011\u2012\u2013\u2014\u2212",
    " \u00a0\u2007\u2009\u202f\u3000",
)
_LOOKS_LIKE = {mark: kind[0] for kind in (_DOTS, _DASHES, _BLANKS) for mark in kind} | _HIDDEN

_TOP = words(
    "com net org info biz gg io app shop store online site xyz link bio page dev club live tv de ru fr es it jp kr br "
    "cn id th vn uk us eu pl tr ua kz nl be ch at se no fi dk cz gr pt ro hu mx ar co cl pe au nz ca ph my sg hk tw ae "
    "sa eg ir in рф ру ком 中国 公司 한국 भारत"
)
_SURE_TOP = words("com net org info gg io app shop store online site xyz link bio page dev")
_PROVIDER = (
    "g-?mail|googlemail|yahoo|hotmail|outlook|icloud|proton(?:mail)?|live|msn|aol|gmx|web|yandex|mail|qq|163|126|naver|"
    "hanmail|daum|rambler|inbox|zoho|orange|free|laposte|libero|uol|bol|terra|wp|o2|seznam|почта|мейл|гмейл|джимейл|"
    "яндекс"
)
_STRONG = "g-?mail|googlemail|yahoo|hotmail|outlook|icloud|proton(?:mail)?|yandex|naver|hanmail"
_NAME = r"(?<![\w.+\-])[\w.+\-]{1,256}"
_BRACKET_AT = r"(?:[\[({<*_\-]\s?(?:at|ät|arroba|собака|chiocciola|@|a)\s?[\])}>*_\-])"
_AT_WORD = r"(?:at|arroba|собака|chiocciola)\s{1,2}"
_DOTTED = "dot|punto|ponto|точка|punkt|point|nokta"
_DOT_WORD = rf"(?:\s{{0,2}}[\[({{<*_\-]\s?(?:{_DOTTED}|\.)\s?[\])}}>*_\-]\s{{0,2}}|\s{{1,2}}(?:{_DOTTED})\s{{1,2}})"
_DOT = rf"(?:\s{{0,2}}\.\s{{0,2}}|{_DOT_WORD})"
_LABEL, _END = r"[\w\-]{1,63}+", rf"(?:{'|'.join(sorted(_TOP))})(?!\w)"
_ASCII_MAIL = re.compile(
    r"(?<![a-z0-9._+\-])[a-z0-9._+\-]{1,256}@[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{1,63}){1,6}(?![^\W\u2e80-\uffef])"
)
_MAIL = re.compile(rf"{_NAME}@{_LABEL}(?:\.{_LABEL}){{1,6}}")
_DOMAIN = rf"\s{{0,2}}(?:(?:{_PROVIDER})(?:{_DOT}{_END})?(?!\w)|{_LABEL}(?:{_DOT}{_LABEL}){{0,2}}{_DOT}{_END})"
_LOOSE_DOMAIN, _CODED_DOMAIN = re.compile(f"@{_DOMAIN}"), re.compile(f"%40{_DOMAIN}")
_BRACKET_DOMAIN = re.compile(_BRACKET_AT + _DOMAIN)
_SPELLED_DOMAIN = re.compile(
    rf"{_AT_WORD}(?:(?:{_PROVIDER}){_DOT}{_END}|(?:{_STRONG})(?!\w)|{_LABEL}(?:{_DOT}{_LABEL}){{0,2}}{_DOT_WORD}{_END})"
)
_NAME_BEFORE = re.compile(rf"(?:(?<![\w.+\-])[\w+\-]{{1,64}}\s\.\s?)?{_NAME}\s{{0,2}}$")
_LONGEST_NAME = 330
_AT_WORD_DOMAIN = re.compile(rf" at (?:(?:{_PROVIDER})(?!\w)|{_LABEL}{_DOT})")
# Scripts without blanks: what they write behind a name in Latin letters is no part of it.
_UNSPACED = "\u0e00-\u0eff\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af"
_HANDLE = re.compile(rf"@{{1,3}}\u2060?(?:(?:[^\W{_UNSPACED}]|[.\u2060])+|[\w.]+)")
_SPACED_HANDLE = re.compile(r"@\s{1,2}([a-z0-9._]{2,40})(?!\w)")
_ORDINARY = words(
    "the my our your his her home work school noon night midnight tonight today tomorrow least first last once lunch "
    "dinner gym church beach la el los las le les casa das dem der die me you us all and in on for this that uni park "
    "club office mall cafe café hotel airport stadium"
)
_LINK = re.compile(
    r"(?<!\w)(?:(?:https?|ftp|tg|whatsapp|skype|weixin|line)\s?:\s?//|mailto:|tel:|www\s?\.)\s?[^\s]{2,}(?:\s\.\s?[^\s]{2,}){0,4}"
)
_HOST = re.compile(rf"(?<![\w@.\-])(?:{_LABEL}\.){{1,5}}([^\W\d_]{{2,18}})(?!\w)(?::\d{{2,5}})?(/[^\s]+)?")
_SPACED_LINK = re.compile(r"(?:\s\.\s?|\.\s|\sdot\s)(?:me|gg|ee|com|be|io)\s?(?:/|slash)\s?[^\s]+")
_MESSENGER = (
    "instagram|insta|ig|инста|инстаграм|telegram|tele|tg|телеграм|телега|тг|snapchat|snap|sc|discord|twitter|facebook|fb|"
    "kakaotalk|kakao|카톡|카카오톡|인스타|wechat|weixin|wx|vx|微信|薇信|qq|扣扣|line|ไลน์|ไอจี|skype|viber|whatsapp|zalo|signal|"
    "tiktok|youtube|yt|threads|onlyfans|twitch|cashapp|venmo|paypal|linktree|加v|加薇|e-?mail|gmail|correo|почта|邮箱|メール|インスタ|ライン|انستا|انستقرام|سناب|"
    "تيليجرام|تلجرام|इंस्टाग्राम|इंस्टा|टेलीग्राम"
)
_CREDIT = (
    "follow|add(?: me)?|credits?|cre?|via|dc|ib|scp|contact|dm(?: me)?|user(?:name)?|account|acc|sígueme|sigue a|siga|"
    "suis|folge?t?|подпишись|подписывайся|theo dõi|ikuti|hubungi|تابع|フォロー|팔로우|关注"
)
_ID = r"\s?(?:id|账号|号|帳號|아이디|ไอดี|ник|user(?:name)?|आईडी)?"
_WORD_START = rf"(?<![^\W{_UNSPACED}])(?<!#)"
_IS = r"(?:\s(?:is|es|é|est|ist|это))?[^\w#]{1,6}$"
_BEFORE_NAME = re.compile(rf"{_WORD_START}(?:{_MESSENGER}){_ID}\s{{0,2}}$")
_BEFORE_JOINED_NAME = re.compile(rf"{_WORD_START}(?:{_MESSENGER}|{_CREDIT}){_ID}{_IS}")
_BEFORE_PLAIN_NAME = re.compile(rf"{_WORD_START}(?:{_MESSENGER}){_ID}{_IS}")
_SEPARATORS = ":=→👉➡-"
_LABEL_BEFORE = re.compile(
    rf"{_WORD_START}(?:{_MESSENGER}){_ID}\s{{0,2}}(?:(?:[:=→👉➡]|->)\ufe0f?\s{{0,2}}|\s(?:[\-|]\s)?)$"
)
_NAME_BEHIND = re.compile(r"\ufe0f?\s{0,2}([@$]?(?:live:)?[a-z0-9._\-]{2,60}(?:#\d{4})?)(?![^\W" + _UNSPACED + "])")
_JOINED_NAME = re.compile(
    r"(_{0,3}(?=[^\W\d_])(?:(?:[^\W_]{1,40}(?:\.|_{1,3})){1,8}[^\W_]{1,40}_{0,3}|[^\W_]{2,40}_{1,3}))(?!\w)"
)
_PLAIN_NAME = re.compile(r"(_{1,3}[^\W_]{2,40}|[^\W\d_]{3,30}\d{1,6}[^\W_]{0,20}|\d{5,12})(?!\w)")
_LETTERS = re.compile("[a-z]+|[а-я]+")
_ANNOUNCING = frozenset(_LETTERS.findall(f"{_MESSENGER} {_CREDIT} credit cr folg folgt email")) - words("a d e me s t")
_ANNOUNCING_SCRIPTS = re.compile("[카인微薇扣加邮メイラไا-يइटÀ-ỹ]|フォロー|팔로우|关注")
_RARE_MARK = re.compile(r"[→👉➡]|->|\.(?<=\w\.)(?=\w)")
_ACCOUNT_MARK = re.compile(r"[:=→👉➡_]|->|\d(?!\w)|\.(?<=\w\.)(?=\w)")
_LOOKBACK = 40
_DOTTED_NAME = re.compile(
    rf"(?<!\w){_LABEL}(?:\s|\s?[(\[])(?:{_DOTTED})(?:\s|[)\]]\s?)(?:{'|'.join(sorted(_SURE_TOP))})(?!\w)"
)
_TAGGED_NAME = re.compile(r"(?<![\w#.])[\w.]{2,32}#\d{4}(?![\w#])")
_WIDTHS = "".join((_DOTS[1:], _DASHES[1:], _BLANKS[1:], *_HIDDEN))
_WIDTHS += "\uff01-\uff5e\ufe50-\ufe6b\u2460-\u249b\U0001d400-\U0001d7ff"
_OTHER_WIDTH = re.compile(f"[{_WIDTHS}\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u0e50-\u0e59]")
_NAME_AT = re.compile(r"@(?<=[\w.+\-]@)\w")
_HOST_END = re.compile(rf"\.(?:(?:{'|'.join(sorted(_SURE_TOP))})(?!\w)|[^\W\d_]{{2,18}}(?::\d{{2,5}})?/\S)")
_GIVEN_AWAY = re.compile(rf"[@%:/=_→👉➡(\[{{<.\d{_WIDTHS}]")
_SEVEN_DIGITS = re.compile(r"\d(?:\D{0,4}+\d){6}")


def without_personal_data(caption: str, mentions: Iterable[tuple[int, int]] = ()) -> str:
    """Return a caption without handles, mail addresses, links, accounts and phone numbers, blanks joined.

    Parameters
    ----------
    caption: text as posted
    mentions: spans the platform marks as mentions, in UTF-16 code units, end exclusive; needed for names with blanks

    Examples
    --------
    >>> without_personal_data("with @Wendy Shay and @omar_1 #dance", [(5, 16)])
    'with and #dance'
    >>> without_personal_data("write to jane (at) mail dot com or +44 20 7946 0958, 12.05.2025 from $1,299")
    'write to or , 12.05.2025 from $1,299'
    """
    if "@" in caption or "＠" in caption:
        caption = _without_mentions(caption, mentions)
    return _cleaned(caption)


@lru_cache(maxsize=8192)
def _cleaned(caption: str) -> str:
    """Return a caption without what the patterns find; a post is read again and again while it is followed."""
    if not _GIVEN_AWAY.search(caption):
        lowered = caption.lower()
        if not (_has_spelled_mail(lowered) or _has_dotted_name(lowered)):
            return caption.strip()
    plain = _plain(caption)
    changed = "@" in plain
    for _ in range(MOST_PASSES):
        before = caption
        for may_hold, finders in _FINDERS:
            if may_hold(plain):
                for find in finders:
                    if spans := _with_labels(plain, find(plain)):
                        caption, plain = _cut(caption, spans), _cut(plain, spans)
        if caption == before:
            break
        changed, caption = True, " ".join(caption.split())
        plain = _plain(caption)
    return " ".join(caption.split()) if changed else caption.strip()


def _plain(caption: str) -> str:
    """Return a text of the same length, lower case, in which characters of every width are plain ones."""
    lowered = caption.lower()
    if len(lowered) == len(caption) and (caption.isascii() or not _OTHER_WIDTH.search(caption)):
        return lowered
    if len(lowered) == len(caption):
        return _OTHER_WIDTH.sub(lambda match: _plain_character(match.group()), lowered)
    return "".join(map(_plain_character, caption))


@lru_cache(maxsize=4096)
def _plain_character(character: str) -> str:
    if character in _LOOKS_LIKE:
        return _LOOKS_LIKE[character]
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    compatible = unicodedata.normalize("NFKC", character).lower()
    return compatible if len(compatible) == 1 else character


def _without_mentions(caption: str, mentions: Iterable[tuple[int, int]]) -> str:
    units = caption.encode("utf-16-le", "surrogatepass")
    for start, end in sorted(mentions, reverse=True):
        if units[2 * start : 2 * start + 2] == b"@\x00" and end > start:
            units = units[: 2 * start] + ANY_HANDLE + units[2 * end :]
    return units.decode("utf-16-le", errors="ignore")


def _with_labels(plain: str, spans: Spans) -> list[tuple[int, int]]:
    """Return the spans, each with the messenger's name and the separator before it, so that none is left alone."""
    longer: list[tuple[int, int]] = []
    for start, end in spans:
        first = max(longer[-1][1] if longer else 0, start - _LOOKBACK)
        label = _LABEL_BEFORE.search(plain, first, start)
        longer.append((label.start() if label else start, end))
    return longer


def _cut(text: str, spans: list[tuple[int, int]]) -> str:
    """Return a text without some spans, which are in order and don't overlap."""
    parts, place = [], 0
    for start, end in spans:
        parts.append(text[place:start])
        place = end
    return "".join([*parts, text[place:]])


def _matches(pattern: re.Pattern[str]) -> Callable[[str], Spans]:
    return lambda plain: (match.span() for match in pattern.finditer(plain))


def _hosts(plain: str) -> Spans:
    for match in _HOST.finditer(plain):
        if match[2] or match[1] in _SURE_TOP:
            yield match.span()


def _spaced_handles(plain: str) -> Spans:
    for match in _SPACED_HANDLE.finditer(plain):
        name = match[1].rstrip(".")
        if name and not name[0].isdigit() and name not in _ORDINARY:
            yield match.start(), match.start(1) + len(name)


def _accounts(plain: str) -> Spans:
    """Yield names of accounts behind what announces them.

    Behind a messenger's name and a separator anything is a name; behind it alone a word with a dot or a low line, or
    one that ends in digits; behind a word of credit one with a dot or a low line.
    """
    end = 0
    for mark in _ACCOUNT_MARK.finditer(plain):
        place, sign = mark.start(), mark.group()[0]
        if place < end:
            continue
        if sign in _SEPARATORS:
            name, before, start = _NAME_BEHIND.match(plain, mark.end()), _BEFORE_NAME, place
        else:
            begin = max(plain.rfind(" ", end, place), plain.rfind(":", end, place), plain.rfind("\n", end, place))
            if begin < 0:
                continue
            joined, start = sign in "._", begin + 1
            name = (_JOINED_NAME if joined else _PLAIN_NAME).match(plain, start)
            before = _BEFORE_JOINED_NAME if joined else _BEFORE_PLAIN_NAME
        if name and _announces(plain[max(0, start - _LOOKBACK) : start], before):
            end = name.end(1)
            yield name.span(1)


def _announces(window: str, before: re.Pattern[str]) -> bool:
    """Return whether a text ends in what announces a name; a look at its words is quicker than the pattern."""
    if _ANNOUNCING.isdisjoint(_LETTERS.findall(window)) and (
        window.isascii() or not _ANNOUNCING_SCRIPTS.search(window)
    ):
        return False
    return before.search(window) is not None


def _behind_names(domains: re.Pattern[str]) -> Callable[[str], Spans]:
    """Return what yields each domain together with the name before it."""

    def find(plain: str) -> Spans:
        end = 0
        for domain in domains.finditer(plain):
            name = _NAME_BEFORE.search(plain, max(end, domain.start() - _LONGEST_NAME), domain.start())
            if name:
                end = domain.end()
                yield name.start(), end

    return find


def _has_at(plain: str) -> bool:
    return "@" in plain


def _has_coded_at(plain: str) -> bool:
    return "%40" in plain


def _has_bracket(plain: str) -> bool:
    bracket = "(" in plain or "[" in plain or "{" in plain or "<" in plain
    return bracket or "-" in plain or "*" in plain or "_" in plain


def _has_spelled_mail(plain: str) -> bool:
    if " at " in plain and _AT_WORD_DOMAIN.search(plain):
        return True
    return " arroba " in plain or " собака " in plain or " chiocciola " in plain


def _has_mail(plain: str) -> bool:
    return "@" in plain and _NAME_AT.search(plain) is not None


def _has_link(plain: str) -> bool:
    return "//" in plain or "www" in plain or "mailto:" in plain or "tel:" in plain


def _has_spaced_link(plain: str) -> bool:
    return ("/" in plain or " slash " in plain) and (" ." in plain or ". " in plain or "dot " in plain)


def _has_host(plain: str) -> bool:
    return "." in plain and _HOST_END.search(plain) is not None


def _has_dotted_name(plain: str) -> bool:
    return " dot " in plain or "[dot" in plain or "(dot" in plain or "точка" in plain


def _has_account(plain: str) -> bool:
    if ":" in plain or "_" in plain or "=" in plain or _RARE_MARK.search(plain):
        return True
    return not _ANNOUNCING.isdisjoint(plain.split()) or not plain.isascii()


def _has_tagged_name(plain: str) -> bool:
    return "discord" in plain


def _has_digits(plain: str) -> bool:
    return _SEVEN_DIGITS.search(plain) is not None


_FINDERS: tuple[tuple[Callable[[str], bool], tuple[Callable[[str], Spans], ...]], ...] = (
    (_has_link, (_matches(_LINK),)),
    (_has_spaced_link, (_behind_names(_SPACED_LINK),)),
    (_has_mail, (_matches(_ASCII_MAIL), _matches(_MAIL))),
    (_has_at, (_behind_names(_LOOSE_DOMAIN),)),
    (_has_coded_at, (_behind_names(_CODED_DOMAIN),)),
    (_has_bracket, (_behind_names(_BRACKET_DOMAIN),)),
    (_has_spelled_mail, (_behind_names(_SPELLED_DOMAIN),)),
    (_has_host, (_hosts,)),
    (_has_dotted_name, (_matches(_DOTTED_NAME),)),
    (_has_account, (_accounts,)),
    (_has_tagged_name, (_matches(_TAGGED_NAME),)),
    (_has_at, (_matches(_HANDLE), _spaced_handles)),
    (_has_digits, (phone_numbers,)),
)
"""What each caption is searched for, in this order, each with a quick look at whether it can be there at all."""
