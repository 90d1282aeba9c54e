"""Reads query parameters as the API does, and collects its errors (422) about bad ones."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

TRUE, FALSE = frozenset({"true", "1", "yes", "on", "t", "y"}), frozenset({"false", "0", "no", "off", "f", "n"})
LARGEST = 2**53


class Parameters:
    """Reads the parameters of one request, collecting what is wrong with them.

    Parameters
    ----------
    query: the query string as a mapping

    Examples
    --------
    >>> parameters = Parameters({"cursor": "20", "days": "many"})
    >>> parameters.integer("cursor", 0), parameters.integer("days")
    (20, 0)
    >>> parameters.problems[0]["msg"]
    'value is not a valid integer'
    """

    def __init__(self, query: Mapping[str, str]) -> None:
        self._query = query
        self.problems: list[dict[str, Any]] = []

    def text(self, name: str, default: str | None = None, shortest: int = 0) -> str:
        """Read text of at least `shortest` characters; without a default it is required."""
        given = self._given(name, default)
        if name in self._query and len(given) < shortest:
            message = f"ensure this value has at least {shortest} characters"
            self._problem(name, message, "value_error.any_str.min_length", {"limit_value": shortest})
        return given

    def integer(self, name: str, default: int | None = None, least: int = 0, above: int | None = None) -> int:
        """Read an integer of at least `least`, or greater than `above`; a refused one reads as 0."""
        given = self._given(name, None if default is None else str(default))
        if name not in self._query and default is None:
            return 0
        try:
            value = int(given)
        except ValueError:
            self._problem(name, "value is not a valid integer", "type_error.integer")
            return 0
        if above is not None and value <= above:
            message = f"ensure this value is greater than {above}"
            self._problem(name, message, "value_error.number.not_gt", {"limit_value": above})
            return 0
        if value < least:
            message = f"ensure this value is greater than or equal to {least}"
            self._problem(name, message, "value_error.number.not_ge", {"limit_value": least})
            return 0
        return min(value, LARGEST)

    def flag(self, name: str, default: bool) -> bool:
        """Read a Boolean: true, 1, yes, on and their opposites, in any case."""
        given = self._given(name, "true" if default else "false").lower()
        if given not in TRUE | FALSE:
            self._problem(name, "value could not be parsed to a boolean", "type_error.bool")
        return given in TRUE

    def choice(self, name: str, permitted: Sequence[str], default: str | None = None) -> str:
        """Read one of some texts; a refused one reads as the first."""
        given = self._given(name, default)
        if given in permitted:
            return given
        if name in self._query:
            listed = ", ".join(f"'{value}'" for value in permitted)
            message = f"value is not a valid enumeration member; permitted: {listed}"
            self._problem(name, message, "type_error.enum", {"enum_values": list(permitted)})
        return permitted[0]

    def day(self, name: str) -> date:
        """Read a date written YYYY-MM-DD; a refused one reads as the first of all."""
        given = self._given(name, None)
        try:
            return datetime.strptime(given, "%Y-%m-%d").date()  # noqa: DTZ007
        except ValueError:
            if name in self._query:
                self._problem(name, "invalid date format", "value_error.date")
            return date.min

    def _given(self, name: str, default: str | None) -> str:
        if name in self._query:
            return self._query[name]
        if default is None:
            self._problem(name, "field required", "value_error.missing")
            return ""
        return default

    def _problem(self, name: str, message: str, kind: str, context: dict[str, Any] | None = None) -> None:
        problem: dict[str, Any] = {"loc": ["query", name], "msg": message, "type": kind}
        self.problems.append(problem | ({"ctx": context} if context else {}))
