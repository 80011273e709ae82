"""The clock of the command line, for the commands whose papers and logs say when."""

from __future__ import annotations

from datetime import date, datetime


def now() -> str:
    """The moment as logs write it: local time with offset, to the second."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def today() -> date:
    """The day where the program runs."""
    return datetime.now().astimezone().date()
