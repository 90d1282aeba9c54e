"""Lists of words and phrases as running text."""


def words(text: str) -> list[str]:
    """The words of a text.

    Examples
    --------
    >>> words("past last")
    ['past', 'last']
    """
    return text.split()


def phrases(text: str) -> list[str]:
    """The phrases of a text, with commas between them.

    Examples
    --------
    >>> phrases("thanks to, due to")
    ['thanks to', 'due to']
    """
    return text.split(", ")
