import pytest

from pipelines.normalise.phone_numbers import phone_numbers


def without(text: str) -> str:
    """Return a text without telephone numbers, blanks joined."""
    for start, end in reversed(list(phone_numbers(text))):
        text = text[:start] + text[end:]
    return " ".join(text.split())


@pytest.mark.parametrize(
    "number",
    [
        "+1 (555) 010-9999", "555-010-9999", "(555) 010-9999", "1-800-555-0199", "+44 20 7946 0958",
        "020 7946 0958", "0049 151 23456789",
        "0151/234 567 89", "(+34) 612-345-678", "612 34 56 78", "612 345 678", "06 12 34 56 78",
        "06.12.34.56.78", "8 (900) 123-45-67",
        "+7(900)123-45-67", "0901 234 567", "0901.234.567", "081234567890", "62 812-3456-7890", "6281234567890",
        "(11) 91234-5678",
        "11 91234-5678", "55 1234 5678", "138 0013 8000", "13800138000", "98765 43210", "9876543210",
        "010-1234-5678", "090-1234-5678",
        "9123 4567", "0501234567", "00 33 6 12 34 56 78", "0 9 1 2 3 4 5 6 7 8", "333 1234567", "4111 1111 1111 1111",
    ],
)  # fmt: skip
def test_numbers_of_many_countries_are_found_alone_and_in_a_sentence(number: str) -> None:
    assert without(number) == ""
    assert without(f"part 2. {number} for more") == "part 2. for more"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("tel: 555-0199", "tel:"),
        ("call 5550100 now", "call now"),
        ("llama 612 345 678", "llama"),
        ("QQ 12345678", "QQ"),
        ("📞 555 0100", "📞"),
        ("call 10 000 000 times", "call 10 000 000 times"),
        ("tel 12.05.2025", "tel 12.05.2025"),
    ],
)
def test_a_word_before_it_announces_a_short_number(text: str, left: str) -> None:
    assert without(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "1.299.000 đ", "$1,299.99", "12 000 ₽", "Rp 1.500.000", "300 000 000 000 $", "R$ 912 345 678",
        "2025-05-14 10:30", "14.05.2025",
        "14.05.2025 - 16.05.2025", "05/14/2025", "2019-2023", "2024/2025", "2024 2025 2026", "1,000,000 views",
        "10 000 000 просмотров",
        "12.345.678 views", "612 345 678 vistas", "912345678 views", "2 000 000 000", "100000000 views",
        "21-19 18-21 21-15", "3-2 (1-1)",
        "5 6 7 8", "0 1 2 3 4 5 6 7 8 9", "38 39 40 41 42 43", "1/2 cup, 3/4 tsp", "0.123456789", "5555555555",
        "1000-2000-3000",
        "4-3-3", "90+3", "10x10x10", "v1.2.3.4.5.6.7", "10:30-22:00",
    ],
)  # fmt: skip
def test_other_figures_stay(text: str) -> None:
    assert without(text) == text
