"""What bodies decided (集体研究): which rows suffice, and what each settles."""

from __future__ import annotations

from datetime import date

from formgen.household import Case, Resolution

LEVELS = {"基层": 0, "县级": 1, "市级": 2, "省级": 3}
SINGLE, EXCEPTION, DISASTER, SPECIAL = "一事一议", "例外建档", "非常重大意外灾害", "特殊情况"
NO_FILE, EXAMPLE, AID = "不予建档", "例1口径", "救助"
#: Matter → (least level, whether minutes must be named): 75号六 for what people decide about a household.
NEEDS = {
    SINGLE: ("县级", True),
    EXCEPTION: ("县级", True),
    DISASTER: ("县级", True),
    SPECIAL: ("县级", True),
    NO_FILE: ("基层", False),
    EXAMPLE: ("县级", False),
    AID: ("基层", False),
}
#: Who decides what people must decide (75号六).
BODY = "县级（含县级）以上总工会党组会或主席办公会"
#: Matters that mean something only for a case that people must decide.
ONLY_HUMAN = frozenset((SINGLE, EXCEPTION, DISASTER, SPECIAL))


def is_sufficient(row: Resolution) -> bool:
    """Whether a row has the level, the minutes and the conclusion that its matter needs."""
    if row.matter not in NEEDS or row.agreed is None or row.level not in LEVELS:
        return False
    least, needs_minutes = NEEDS[row.matter]
    return LEVELS[row.level] >= LEVELS[least] and (bool(row.minutes) or not needs_minutes)


class Resolutions:
    """The sufficient rows of a case by matter, the last by date; ``used`` are the matters that were asked for."""

    __slots__ = ("by_matter", "insufficient", "used")

    def __init__(self, case: Case) -> None:
        rows = sorted(case.resolutions, key=lambda row: row.decided_on or date.min) if case.resolutions else ()
        self.by_matter = {row.matter: row for row in rows if is_sufficient(row)}
        self.insufficient = any(not is_sufficient(row) for row in rows)
        self.used: set[str] = set()

    def on(self, matter: str) -> bool | None:
        """True when the matter was agreed, False when it was refused, None when nothing was decided."""
        self.used.add(matter)
        row = self.by_matter.get(matter)
        return None if row is None else row.agreed

    def row(self, matter: str) -> Resolution:
        """The row that decided a matter. Raises KeyError when nothing was decided."""
        return self.by_matter[matter]

    def unasked(self) -> bool:
        """Whether a row for people's decisions stands there that nobody had to take."""
        return any(matter in ONLY_HUMAN and matter not in self.used for matter in self.by_matter)
