"""The vocabulary of a simulated world: themes, the words its tags are built from, phrases of its captions, names."""

from collections.abc import Mapping

THEMES: Mapping[str, tuple[str, ...]] = {
    "dance": ("choreo", "shuffle", "hiphop", "ballet", "salsa", "nhảy", "ダンス", "danza"),
    "recipe": ("pasta", "ramen", "airfryer", "cake", "côngthức", "レシピ", "receta", "bánhmì"),
    "gym": ("workout", "legday", "deadlift", "pilates", "tậpgym", "筋トレ", "entreno", "cardio"),
    "makeup": ("eyeliner", "skincare", "lipgloss", "contour", "trangđiểm", "メイク", "maquillaje", "blush"),
    "football": ("goal", "freekick", "derby", "keeper", "bóngđá", "サッカー", "fútbol", "dribble"),
    "travel": ("backpack", "beach", "roadtrip", "vanlife", "dulịch", "旅行", "viajes", "hostel"),
    "books": ("fantasy", "romantasy", "thriller", "poetry", "sáchhay", "読書", "libros", "manga"),
    "pets": ("puppy", "kitten", "parrot", "hamster", "mèocưng", "ねこ", "mascotas", "corgi"),
    "gaming": ("speedrun", "fps", "indie", "esports", "chơigame", "ゲーム", "juegos", "minecraft"),
    "music": ("guitar", "piano", "remix", "cover", "âmnhạc", "音楽", "canción", "karaoke"),
    "fashion": ("streetwear", "thrift", "ootd", "denim", "thờitrang", "コーデ", "moda", "sneaker"),
    "study": ("exam", "notes", "flashcard", "library", "họctập", "勉強", "estudio", "pomodoro"),
}

GENERIC = ("fyp", "viral", "foryou", "xuhuong", "trending", "foryoupage", "parati", "おすすめ", "xh", "tiktok")

BEFORE = ("", "", "easy", "daily", "my", "best", "retro", "tiny", "slow", "secret", "cozy", "wild", "diy", "soft")
AFTER = (
    "", "tok", "challenge", "tips", "hacks", "asmr", "fails", "vlog", "club", "trend", "lovers", "check", "2026",
    "tutorial", "ideas", "mood", "time", "story", "goals", "sài_gòn", "méxico", "brasil", "family", "beginner",
)  # fmt: skip

LANGUAGES = ("en", "vi", "es", "pt", "ja", "id", "fr", "un")
LANGUAGE_SHARES = (0.46, 0.15, 0.10, 0.08, 0.06, 0.06, 0.04, 0.05)

REGIONS: Mapping[str, tuple[str, ...]] = {
    "en": ("US", "GB", "PH", "AU"),
    "vi": ("VN",),
    "es": ("MX", "ES", "AR"),
    "pt": ("BR", "PT"),
    "ja": ("JP",),
    "id": ("ID",),
    "fr": ("FR", "CA"),
    "un": ("US", "KR", "DE"),
}

PHRASES: Mapping[str, tuple[str, ...]] = {
    "en": (
        "nobody told me {theme} could be this {mood}", "day {n} of {word} until it works", "wait for the end {emoji}",
        "my {theme} routine, part {n}", "would you try this {word}?", "{word} but make it {mood}",
        "the {theme} video I needed at {n} am {emoji}", "POV: you discover {word}",
    ),
    "vi": (
        "Thử {word} lần thứ {n} nè {emoji}", "Ai mê {theme} thì xem hết nha", "Cái kết {mood} quá mọi người ơi",
        "Một ngày {theme} của mình", "{word} kiểu này lạ ghê {emoji}",
    ),
    "es": (
        "¿Quién más ama {theme}? {emoji}", "parte {n}: {word} sin miedo", "mi día de {theme}", "esto es {mood}, ¿no?",
    ),
    "pt": ("meu dia de {theme} {emoji}", "parte {n} de {word}", "alguém explica esse {word}?", "{theme} é vida"),
    "ja": ("{theme} やってみた{emoji}", "{word}の{n}日目", "これは{mood}すぎる", "最後まで見てね {theme}"),
    "id": ("coba {word} hari ke-{n} {emoji}", "siapa suka {theme}?", "{theme} versi aku", "ternyata {mood} banget"),
    "fr": ("ma journée {theme} {emoji}", "{word}, épisode {n}", "c’est {mood}, non ?", "essayez ce {word}"),
    "un": ("{emoji}{emoji}", "{n} {emoji}", "{theme} {emoji}", "..."),
}  # fmt: skip

MOODS = ("calming", "chaotic", "satisfying", "hard", "cute", "dramatic", "underrated", "expensive")
EMOJI = ("😂", "🔥", "✨", "😭", "💃", "🍜", "⚽", "📚", "🐶", "🎧", "🥹", "👀")

GIVEN = ("mia", "linh", "joão", "kenji", "sofía", "noah", "thảo", "amélie", "budi", "zoe", "minh", "lucas", "hana")
FAMILY = ("nguyen", "garcia", "smith", "tanaka", "silva", "putri", "martin", "kim", "tran", "lopez", "brown", "sato")

SOUND_WORDS = ("Golden", "Midnight", "Paper", "Neon", "Velvet", "Distant", "Sugar", "Silver", "Lazy", "Electric")
SOUND_NOUNS = ("Hearts", "Rain", "Summer", "Streets", "Echo", "Planet", "Lover", "Dreams", "Fever", "Tide")
