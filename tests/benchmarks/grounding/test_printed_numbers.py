import random

from benchmarks.grounding.printed_numbers import count, in_words, multiple, share


def test_numbers_are_printed_as_their_figure_rounds() -> None:
    rng = random.Random(5)
    for _ in range(500):
        value = rng.uniform(0.01, 5e6)
        assert count(value, rng).rounds_from(round(value)) or count(value, rng).rounds_from(value)
        assert multiple(1.2 + value % 20, rng).rounds_from(1.2 + value % 20)
        assert share(value % 0.97 + 0.01, rng).rounds_from(100 * (value % 0.97 + 0.01))
    assert in_words(1_000_001) == "one million and one"
