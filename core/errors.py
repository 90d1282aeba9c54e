"""Errors whose message is for people: one line that says what to do."""


class GroundswellError(Exception):
    """A failure with a message for people; `exit_code` is what the command returns (1 failed, 2 wrong use)."""

    exit_code = 1


class UsageError(GroundswellError):
    """Wrong use: a bad setting, argument or input file."""

    exit_code = 2


class SourceError(GroundswellError):
    """The data source can't be used: wrong token, plan ended, server unreachable."""


class UnitsExhausted(SourceError):
    """The day's EnsembleData units are used up; polling resumes at the next UTC midnight."""


class LanguageModelError(GroundswellError):
    """The language model can't be started."""


class StorageError(GroundswellError):
    """A store can't be read or written: disk full, database down, torn file."""
