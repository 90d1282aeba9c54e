"""Finds telephone numbers in a caption, and leaves prices, dates, years, counts and scores alone.

What looks like a number of digits in groups is judged as a whole: by its first signs, the lengths of its groups, the
words before it and behind it. Every scan is bounded, so that the time grows with the length of the text alone.
"""

import re
from collections.abc import Iterator
from itertools import pairwise


def words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


LEAST_DIGITS, MOST_DIGITS = 7, 15
_MARK = r"\ufe0f\u20e3\u200b-\u200d\u2060"
_GAP = rf"[{_MARK}]{{0,3}}(?:\s?[\-/·]\s?|\.|\s|[\s\-]?\(|\)[\s\-]?)?"  # not a dot with a blank: a sentence ends there
_RUN = re.compile(rf"(?:\(?\+\s?\(?|\()?\d(?:{_GAP}\d){{{LEAST_DIGITS - 1},40}}")
_GROUP = re.compile(r"\d+")
_YEAR = r"(?:19|20)\d\d"
_DATE = re.compile(
    "|".join(
        rf"(?<!\d)(?<!\d{mark})(?:{_YEAR}{mark}\d{{1,2}}{mark}\d{{1,2}}|\d{{1,2}}{mark}\d{{1,2}}{mark}(?:{_YEAR}|\d\d))(?!\d|{mark}\d)"
        for mark in (r"\.", "-", "/")
    )
    + rf"|(?<!\d){_YEAR}\s?[\-/]\s?(?:19|20)?\d\d(?!\d)"
)
_THOUSANDS = re.compile(r"(?<![\d.])\d{1,3}(?:([.\s'])\d{3})(?:\1\d{3})*(?![\d]|\1\d)")
_JOINED = re.compile(f"[{_MARK}]")
_MONEY = "$€£¥₫₹₽₩฿₺₴₱₦₸"
_MONEY_WORDS = words(
    "usd eur gbp vnd vnđ đ d dong đồng rp idr rub руб р jpy yen 円 krw won 원 brl r reais cny rmb 元 inr rs tl try "
    "thb บาท baht aed sar دولار ريال جنيه درهم pesos peso mxn cop ars dollars dollar euro euros pounds k tr triệu "
    "nghìn रुपये रुपए zł pln kr"
)
_COUNT_WORDS = words(
    "views view plays likes like followers subs subscribers people fans comments shares streams downloads steps "
    "km m vistas visualizações visualizacoes reproducciones seguidores personas pessoas vues abonnés personnes "
    "aufrufe follower menschen leute просмотров подписчиков лайков человек lượt view người penonton tayangan "
    "orang pengikut 回再生 再生 人 次 万 조회수 명 회 ยอดวิว วิว คน مشاهدة متابع شخص व्यूज़ लोग izlenme kişi "
    "visualizzazioni persone mg ml kg g cm mm px hz kwh kcal"
)
_CUES = words(
    "tel phone call calling cell mobile whatsapp whats wa text sms viber signal zalo hotline sđt sdt đt liên "
    "lh telefon telefone teléfono telefono telefonu téléphone portable celular llama llámame llamar contacto "
    "contato contact contacter zap wpp anruf anrufen ruf ruft handy nummer numéro número numero number no hp "
    "hubungi nomor тел телефон телефону звони звоните звонить номер номеру вацап ватсап вотсап вайбер هاتف "
    "جوال واتساب واتس اتصل رقم للتواصل फोन कॉल संपर्क नंबर व्हाट्सएप ara"
)
_WORD = re.compile(r"[^\W\d_]+(?:[\u0900-\u097f]+)?")
_CUE_MARK = re.compile(
    "[☎📞📱📲☏✆]|电话|電話|手机|手機|微信|qq|加我|联系|聯絡|전화|연락|카톡|번호|携帯|連絡|โทร|เบอร์|ติดต่อ"
)
_BEFORE, _BEHIND = 24, 24
# Lengths of the groups in which numbers without a leading 0 are written, and their first digits ("" takes any).
_SHAPES = {
    (3, 3, 4): "23456789", (3, 4, 4): "1", (5, 5): "6789", (2, 4, 4): "", (2, 5, 4): "", (3, 2, 2, 2): "6789",
    (3, 3, 2, 2): "3456789", (1, 3, 3, 4): "178", (1, 3, 3, 2, 2): "78", (3, 7): "3", (4, 3, 3): "3456789",
    (5, 6): "16789", (3, 6): "6789", (4, 6): "3456789", (2, 3, 2, 2): "3456789", (2, 3, 4): "3456789",
    (1, 4, 4): "9", (4, 4): "5689", (3, 3, 3): "6789", (4, 4, 3): "1",
}  # fmt: skip


def phone_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of telephone numbers.

    Parameters
    ----------
    text: caption whose digits, dots, dashes and blanks are ASCII (`pipelines.normalise.captions`)
    """
    for match in _RUN.finditer(text):
        start, end = match.span()
        while end < len(text) and _JOINED.match(text[end]):
            end += 1
        if end < len(text) and text[end] == ")" and match.group().count("(") > match.group().count(")"):
            end += 1
        if _is_phone(text, start, end):
            yield start, end


def _is_phone(text: str, start: int, end: int) -> bool:
    run = _JOINED.sub("", text[start:end])
    digits = "".join(_GROUP.findall(run))
    before, behind = text[max(0, start - _BEFORE) : start].lower(), text[end : end + _BEHIND].lower()
    if before.endswith(("#", "_", "$", "€", "£", "¥", "₫", "₹", "₽", "₩", "฿", "₺")) or _glued(text, start, end):
        return False
    if "+" in run[:3]:
        return LEAST_DIGITS < len(digits) <= MOST_DIGITS
    left = _THOUSANDS.sub(" ", _DATE.sub(" ", run))
    parts = _GROUP.findall(run)
    groups, undated = tuple(map(len, parts)), sum(map(len, _GROUP.findall(left)))
    if _counts(before, behind):
        return False
    if _has_cue(before) and undated >= LEAST_DIGITS - 1:
        return len(digits) <= 2 * MOST_DIGITS
    if groups == (4, 4, 4, 4) or len(digits) > MOST_DIGITS:
        return groups == (4, 4, 4, 4) and digits[0] in "3456"
    if _DATE.search(run) and undated < LEAST_DIGITS:
        return False
    if digits.startswith("00"):
        return len(digits) >= 11 and len(set(digits)) > 2
    if digits[0] == "0":
        counted = len(parts) > len(digits) - 2 and _only_counts(digits)
        return 9 <= len(digits) <= 13 and not run.startswith(("0.", "0/")) and not counted and len(set(digits)) > 1
    if len(groups) == 1 and max(map(digits.count, set(digits))) >= len(digits) - 2:
        return False  # laughter: 5555555554 in Thai, 66666 in Chinese
    if len(groups) == 1:
        return 10 <= len(digits) <= 13 and not digits.endswith("0000")
    first = _SHAPES.get(groups)
    if first is None:
        return _is_foreign(parts, digits)
    return not first or digits[0] in first


def _is_foreign(parts: list[str], digits: str) -> bool:
    """Return whether groups of digits may be a country's number behind its code, without a plus: 62 812-3456-7890."""
    long = [part for part in parts if len(part) >= 4 and not part.startswith(("19", "20"))]
    grouped = len(parts) >= 3 and all(2 <= len(part) <= 5 for part in parts[1:]) and len(parts[0]) <= 3
    return grouped and 11 <= len(digits) <= 13 and bool(long) and not all(part.endswith("00") for part in long)


def _glued(text: str, start: int, end: int) -> bool:
    """Return whether the digits are part of a word or of a decimal figure: v1.2, a4, 1,234,567.89, 10:30."""
    ahead = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    follow = text[end + 1] if end + 1 < len(text) else " "
    if ahead.isascii() and (ahead.isalpha() or (ahead in ",:" and start > 1 and text[start - 2].isdigit())):
        return True
    return after in ",:" and follow.isdigit()


def _has_cue(before: str) -> bool:
    """Return whether a word that announces a number stands among the last four before it."""
    return not _CUES.isdisjoint(_WORD.findall(before)[-4:]) or _CUE_MARK.search(before) is not None


def _counts(before: str, behind: str) -> bool:
    """Return whether the words around the digits say that they are an amount or a count."""
    if before.rstrip().endswith(tuple(_MONEY)) or behind.lstrip()[:1] in tuple(_MONEY):
        return True
    words, ahead = re.findall(r"[^\W\d_]+|[^\x00-\x7f]", behind)[:1], re.findall(r"[^\W\d_]+", before)[-1:]
    tight = behind.lstrip()
    if words and tight.startswith(words[0]) and (words[0] in _MONEY_WORDS or words[0] in _COUNT_WORDS):
        return True
    return bool(ahead) and ahead[0] in _MONEY_WORDS and before.rstrip(" .:").endswith(ahead[0])


def _only_counts(digits: str) -> bool:
    """Return whether the digits only count up or down."""
    steps = {int(b) - int(a) for a, b in pairwise(digits)}
    return steps <= {1, -9} or steps <= {-1, 9}
