"""Options that several commands share, and parsers of their values.

Every start of the command imports this module, so that settings are imported where they are read.
"""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.errors import UsageError

if TYPE_CHECKING:
    from configs.settings import Settings

Home = Annotated[Path | None, typer.Option(help="Folder of the installation [default: .groundswell]")]
SettingsFile = Annotated[Path | None, typer.Option("--settings", help="Settings file (YAML)")]
AsJson = Annotated[bool, typer.Option("--json", help="Print machine-readable results")]
Recordings = Annotated[list[Path], typer.Option(help="Folder of a recording; can be repeated to combine several")]

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def settings_with(path: Path | None, home: Path | None, **changes: Any) -> "Settings":
    """Return the settings of `path` with the given options in place of their values; None keeps a value."""
    from configs.settings import load_settings

    settings = load_settings(path)
    given = {name: value for name, value in {"home": home, **changes}.items() if value is not None}
    return settings.model_copy(update=given)


def moment(text: str) -> datetime:
    """Return a UTC time from `2025-05-14` or `2025-05-14T12:00`; UsageError otherwise."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a time: write 2025-05-14 or 2025-05-14T12:00") from None
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)


def duration(text: str) -> timedelta:
    """Return a positive duration from `15m`, `1h` or `7d`; UsageError otherwise.

    Examples
    --------
    >>> duration("90m") == duration("1.5h")
    True
    """
    try:
        length = float(text[:-1]) * _UNITS[text[-1:]]
    except (KeyError, ValueError, OverflowError):
        length = timedelta(0)
    if length <= timedelta(0):
        raise UsageError(f"{text!r} is not a duration: write 15m, 1h or 7d")
    return length


def numbers(text: str) -> list[int]:
    """Return the whole numbers from 0 up that are listed as `1-3,7`; UsageError otherwise.

    Examples
    --------
    >>> numbers("1-3,7")
    [1, 2, 3, 7]
    """
    values: list[int] = []
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        if not (first.isdecimal() and (last or first).isdecimal()) or int(last or first) < int(first):
            raise UsageError(f"{text!r} is not a list of numbers: write 1-10 or 500,1500")
        values += range(int(first), int(last or first) + 1)
    return values


def end_of(text: str) -> datetime:
    """Return the last moment of a period like `moment` does; a mere date means the whole day.

    Examples
    --------
    >>> end_of("2025-08-31").isoformat(), end_of("2025-08-31T12:00").isoformat()
    ('2025-08-31T23:59:59.999999+00:00', '2025-08-31T12:00:00+00:00')
    """
    whole_day = timedelta(days=1, microseconds=-1) if len(text.strip()) == len("2025-08-31") else timedelta(0)
    return moment(text) + whole_day


def time_of_day(text: str) -> timedelta:
    """Return the time since midnight from `12:00`; UsageError otherwise.

    Examples
    --------
    >>> time_of_day("06:30")
    datetime.timedelta(seconds=23400)
    """
    try:
        parsed = time.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a time of day: write 12:00") from None
    return timedelta(hours=parsed.hour, minutes=parsed.minute, seconds=parsed.second)
