"""A corpus of made-up captions in ten languages: some with planted personal data, some with figures that must stay.

Templates are written by hand for each language; a seeded generator fills them in. Every planted piece is known, so that
what is left of it, and what is taken away beside it, can be counted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

LANGUAGES = ("en", "es", "pt", "fr", "de", "ru", "vi", "id", "ar", "ja")
PER_LANGUAGE = 50
CLEAN_SHARE = 0.4


@dataclass(frozen=True)
class Caption:
    """A caption of the corpus.

    Parameters
    ----------
    kind: what is planted, or `clean`
    text: the caption
    secret: the part of the planted piece that must not be left; empty in clean captions
    kept: what must be left, blanks joined
    """

    language: str
    kind: str
    text: str
    secret: str
    kept: str


# {} stands for the planted piece, which the words around it announce or not.
PLANTED: Mapping[str, tuple[str, ...]] = {
    "en": (
        "new dance {} #dance",
        "{} for bookings",
        "DM or write to {} ✨ #fyp",
        "part 2 is up. {}",
        "thanks to {} for filming",
    ),
    "es": (
        "nuevo baile {} #baile",
        "{} para pedidos",
        "escríbeme a {} ✨ #fyp",
        "ya salió la parte 2. {}",
        "gracias a {} por grabar",
    ),
    "pt": (
        "nova dança {} #danca",
        "{} para encomendas",
        "me chama em {} ✨ #fyp",
        "saiu a parte 2. {}",
        "obrigado a {} por filmar",
    ),
    "fr": (
        "nouvelle danse {} #danse",
        "{} pour commander",
        "écris-moi à {} ✨ #pourtoi",
        "la suite est là. {}",
        "merci à {} pour la vidéo",
    ),
    "de": (
        "neuer Tanz {} #tanz",
        "{} für Anfragen",
        "schreib mir an {} ✨ #fürdich",
        "Teil 2 ist da. {}",
        "danke an {} fürs Filmen",
    ),
    "ru": (
        "новый танец {} #танцы",
        "{} для заказов",
        "пишите {} ✨ #рек",
        "вышла вторая часть. {}",
        "спасибо {} за съёмку",
    ),
    "vi": (
        "điệu nhảy mới {} #nhảy",
        "{} để đặt hàng",
        "nhắn mình qua {} ✨ #xuhuong",
        "phần 2 có rồi. {}",
        "cảm ơn {} đã quay",
    ),
    "id": (
        "tarian baru {} #joget",
        "{} untuk pesan",
        "hubungi {} ✨ #fyp",
        "bagian 2 sudah ada. {}",
        "terima kasih {} sudah merekam",
    ),
    "ar": (
        "رقصة جديدة {} #رقص",
        "{} للطلبات",
        "راسلني على {} ✨ #اكسبلور",
        "الجزء الثاني نزل. {}",
        "شكرا {} على التصوير",
    ),
    "ja": ("新しいダンス {} #踊ってみた", "{} まで", "連絡は {} ✨ #おすすめ", "パート2です。 {}", "撮影 {} さん"),
}
PHONES: Mapping[str, tuple[str, ...]] = {
    "en": ("+1 (555) 010-4477", "555-010-4477", "+44 20 7946 0958", "07700 900 123"),
    "es": ("+34 612 34 56 78", "612 34 56 78", "55 1234 5678", "+52 55 1234 5678"),
    "pt": ("+55 11 91234-5678", "(11) 91234-5678", "11 91234-5678", "912 345 678"),
    "fr": ("06 12 34 56 78", "+33 6 12 34 56 78", "06.12.34.56.78", "0033 6 12 34 56 78"),
    "de": ("0151 23456789", "+49 151 234 56789", "0049 151 23456789", "0151/234 567 89"),
    "ru": ("8 (900) 123-45-67", "+7 900 123-45-67", "89001234567", "8 900 123 45 67"),
    "vi": ("0901 234 567", "+84 90 123 4567", "0901.234.567", "0901234567"),
    "id": ("0812-3456-7890", "+62 812 3456 7890", "081234567890", "6281234567890"),
    "ar": ("٠٥٠١٢٣٤٥٦٧", "+971 50 123 4567", "0501234567", "٠٥٠ ١٢٣ ٤٥٦٧"),
    "ja": ("090-1234-5678", "０９０－１２３４－５６７８", "+81 90-1234-5678", "0️⃣9️⃣0️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣"),
}
HANDLES = ("@{}", "＠{}", "@ {}", "＠ {}", "@\u200b{}", "@{} @{}")
MAILS = (
    "{}@mail.example",
    "{}@gmail.com",
    "{}＠gmail．com",
    "{} (at) gmail (dot) com",
    "{}[at]web[dot]de",
    "{} at gmail dot com",
    "{} @ gmail . com",
    "{}(at)mail.com",
    "{} arroba gmail punto com",
    "{}+news@sub.mail.co.uk",
    "{}@exämple.de",
    "{}@пример.рф",
    "{} {{at}} outlook {{dot}} com",
)
LINKS = (
    "t.me/{}",
    "https://t.me/{}",
    "wa.me/{}",
    "discord.gg/{}",
    "linktr.ee/{}",
    "instagram.com/{}",
    "www.instagram.com/{}?igsh=1",
    "https://www.tiktok.com/@{}",
    "HTTPS://SNAPCHAT.COM/add/{}",
    "beacons.ai/{}",
    "youtube.com/@{}",
    "{}.com",
    "www.{}.net/shop",
    "t . me / {}",
    "fb.com/{}",
    "ｔ．ｍｅ／{}",
)
ACCOUNTS = (
    "ig: {}",
    "insta: {}",
    "IG {}",
    "telegram: {}",
    "tg - {}",
    "snap: {}",
    "discord: {}#4821",
    "kakao id: {}",
    "微信：{}",
    "line: {}",
)
NAMES = ("jane_roe", "max.muster", "ana_b99", "luis.p_7", "mai_linh.x", "roe.jane22", "o_petrov", "kei.suzuki1")

CLEAN: Mapping[str, tuple[str, ...]] = {
    "en": (
        "only ${price} until {date} #sale",
        "{count} views in {year}, thank you!",
        "final score {score}, what a game",
        "open {time}-{time}, {date}",
        "the {year}-{year2} season, {count} likes",
        "recipe: {small} g flour, 1/2 cup milk, 180 °C",
        "party @ {hour}pm at the beach",
        "1. warm up 2. stretch 3. {small} squats",
    ),
    "es": (
        "solo {price} € hasta el {date}",
        "{count} reproducciones en {year}, gracias",
        "marcador final {score}",
        "abierto {time}-{time}, {date}",
        "temporada {year}/{year2}",
        "{small} g de harina y 1/2 taza",
    ),
    "pt": (
        "só R$ {price} até {date}",
        "{count} visualizações em {year}",
        "placar final {score}",
        "aberto {time}-{time}",
        "temporada {year}/{year2}",
        "{small} g de farinha, 1/2 xícara",
    ),
    "fr": (
        "seulement {price} € jusqu'au {date}",
        "{count} vues en {year}, merci",
        "score final {score}",
        "ouvert {time}-{time}",
        "saison {year}/{year2}",
        "{small} g de farine, 1/2 tasse",
    ),
    "de": (
        "nur {price} € bis {date}",
        "{count} Aufrufe in {year}, danke",
        "Endstand {score}",
        "offen {time}-{time} Uhr",
        "Saison {year}/{year2}",
        "{small} g Mehl, 1/2 Tasse, 180 °C",
    ),
    "ru": (
        "всего {price} ₽ до {date}",
        "{count} просмотров за {year} год",
        "счёт {score}",
        "открыто {time}-{time}",
        "сезон {year}/{year2}",
        "{small} г муки, 1/2 стакана",
    ),
    "vi": (
        "chỉ {price} đ đến {date}",
        "{count} lượt xem năm {year}",
        "tỉ số {score}",
        "mở cửa {time}-{time}",
        "mùa {year}-{year2}",
        "{small} g bột, 1/2 cốc",
    ),
    "id": (
        "hanya Rp {price} sampai {date}",
        "{count} penonton di {year}",
        "skor akhir {score}",
        "buka {time}-{time}",
        "musim {year}/{year2}",
        "{small} g tepung, 1/2 gelas",
    ),
    "ar": (
        "فقط {price} ريال حتى {date}",
        "{count} مشاهدة في {year}",
        "النتيجة {score}",
        "مفتوح {time}-{time}",
        "موسم {year}/{year2}",
        "{small} غ طحين",
    ),
    "ja": (
        "{price} 円 {date} まで",
        "{count} 回再生 {year}年",
        "結果 {score}",
        "営業 {time}-{time}",
        "{year}-{year2} シーズン",
        "小麦粉 {small} g、1/2 カップ",
    ),
}


def corpus(seed: int = 14) -> list[Caption]:
    """Return PER_LANGUAGE captions of each language, the same ones for the same seed."""
    random = Random(seed)
    return [
        _clean(language, random) if number < PER_LANGUAGE * CLEAN_SHARE else _planted(language, random)
        for language in LANGUAGES
        for number in range(PER_LANGUAGE)
    ]


def _planted(language: str, random: Random) -> Caption:
    kinds: dict[str, Callable[[], tuple[str, str]]] = {
        "phone": lambda: _twice(random.choice(PHONES[language])),
        "handle": lambda: _named(random.choice(HANDLES), random),
        "mail": lambda: _named(random.choice(MAILS), random),
        "link": lambda: _named(random.choice(LINKS), random),
        "account": lambda: _named(random.choice(ACCOUNTS), random),
    }
    kind = random.choice(list(kinds))
    piece, secret = kinds[kind]()
    before, _, behind = random.choice(PLANTED[language]).partition("{}")
    return Caption(language, kind, before + piece + behind, secret, " ".join((before + " " + behind).split()))


def _twice(piece: str) -> tuple[str, str]:
    return piece, piece


def _named(form: str, random: Random) -> tuple[str, str]:
    name = random.choice(NAMES)
    return form.format(name, name), name


def _clean(language: str, random: Random) -> Caption:
    year = random.randint(1999, 2026)
    gap = "," if language == "en" else random.choice((",", ".", " "))
    text = random.choice(CLEAN[language]).format(
        price=_price(random, gap),
        date=_date(random, year),
        count=_count(random, gap),
        score=_score(random),
        year=year,
        year2=year + 1,
        time=f"{random.randint(8, 22)}:{random.choice(('00', '30'))}",
        small=random.randint(5, 500),
        hour=random.randint(1, 12),
    )
    return Caption(language, "clean", text, "", " ".join(text.split()))


def _price(random: Random, gap: str) -> str:
    low, high = random.randint(1, 9), random.randint(100, 999)
    return random.choice((f"{low}", f"{low}{gap}{high}{gap}000", f"{high}{gap}000", f"{random.randint(1000, 99999)}"))


def _date(random: Random, year: int) -> str:
    day, month = random.randint(10, 28), random.randint(10, 12)
    return random.choice(
        (f"{day}.{month}.{year}", f"{year}-{month}-{day}", f"{month}/{day}/{year}", f"1.-{day}.{month}.{year}")
    )


def _count(random: Random, gap: str) -> str:
    first, second, third = (random.randint(100, 999) for _ in range(3))
    return random.choice(
        (
            f"{first}M",
            f"{first % 9 + 1}{gap}{second}{gap}{third}",
            f"{first}{second}{third}",
            f"{first}{gap}{second}{gap}{third}",
        )
    )


def _score(random: Random) -> str:
    ours, theirs = random.randint(0, 9), random.randint(10, 19)
    sets = f"21-{theirs} {theirs}-21 21-{theirs}"
    return random.choice((f"{ours}-{theirs}", sets, f"{ours}:{theirs} ({ours}:{ours})", "6-4 3-6 7-5"))
