"""The tags of the Word templates: a case, its decision and its union as Chinese names and printed words.

Every field of the workbook is a tag under its heading; the sheets below 案件 are lists of rows under the sheet's title.
What has to be worked out first (formulas, ticks, reasons) is a computed tag, explained in ``known``. Values are str,
bool, None and tuples of dicts of those: a template can reach nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import chain
from operator import attrgetter
from typing import TypeAlias

from formgen import fields, money
from formgen.household import Case, Union
from formgen.model import Decision
from formgen.papers import agenda, comparison, materials, overflow, people, publicity, reasons, sums, verdict
from formgen.papers.printed import day, plain
from formgen.word.record import Record

Row: TypeAlias = dict[str, object]
Maker: TypeAlias = Callable[[Case, Decision, Union | None], Mapping[str, object]]
#: tag of the list → attribute of the case that holds its rows, and the key of its sheet
LISTS = {
    "家庭成员": ("members", "member"),
    "收入": ("incomes", "income"),
    "支出": ("expenses", "expense"),
    "车辆": ("vehicles", "vehicle"),
    "集体研究": ("resolutions", "resolution"),
    "在档救助申请": ("requests", "request"),
}
#: the modules of computed tags, each with what its tags are made from
COMPUTED: tuple[tuple[Mapping[str, str], Maker], ...] = (
    (verdict.KNOWN, lambda case, decision, union: verdict.tags(case, decision)),
    (sums.KNOWN, lambda case, decision, union: sums.tags(case, decision)),
    (people.KNOWN, lambda case, decision, union: people.tags(case)),
    (overflow.KNOWN, lambda case, decision, union: overflow.tags(case)),
    (reasons.KNOWN, reasons.tags),
    (materials.KNOWN, lambda case, decision, union: materials.tags(case, decision)),
    (comparison.KNOWN, lambda case, decision, union: comparison.tags(case, decision)),
)


class Tags(Mapping[str, object]):
    """The tags of one case, each group made when a template first asks for one of it."""

    __slots__ = ("_case", "_decision", "_made", "_record", "_union")

    def __init__(self, case: Case, decision: Decision, union: Union | None) -> None:
        self._case, self._decision, self._union = case, decision, union
        self._made: Row = {}
        self._record: Record | None = None

    def record(self) -> Record:
        """These tags on their way into Word papers: what one paper has escaped the next one need not.

        A record that met something to be told starts afresh, so that each paper tells its own.
        """
        if self._record is None or self._record.dirty or self._record.undefined:
            self._record = Record(self)
        return self._record

    def __getitem__(self, tag: str) -> object:
        if tag in self._made:
            return self._made[tag]
        make = _makers().get(tag)
        if make is None:
            return self._case.extra[tag]
        try:
            self._made.update(make(self._case, self._decision, self._union))
        except KeyError as wrong:  # ours, not a tag nobody knows: a template would print it as missing
            raise RuntimeError(f"the tags of {tag} cannot be made") from wrong
        return self._made[tag]

    def __contains__(self, tag: object) -> bool:
        return tag in _makers() or tag in self._case.extra

    def __iter__(self) -> Iterator[str]:
        return chain(_makers(), (tag for tag in self._case.extra if tag not in _makers()))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def context(case: Case, decision: Decision, *, union: Union | None = None) -> Tags:
    """All tags of one case. A fact nobody knows is None; extra columns of 案件 stand under their own heading."""
    return Tags(case, decision, union)


def union_tags(union: Union | None, *, name: str | None = None) -> Row:
    """The row of 工会 as tags; of a union that is not in the sheet only the ``name`` is known."""
    if union is None:
        return dict.fromkeys(_names("union")) | {"工会名称": name}
    return _printed("union")(union)


@cache
def known(per: str = "case") -> Mapping[str, str]:
    """Every tag a template may use, with an explanation; 表.列 is a column of a list. ``per`` as in form.toml."""
    if per != "case":
        return publicity.KNOWN if per == "union" else agenda.KNOWN
    found = {field.tag: _explain(field) for field in fields.catalogue()["case"].fields}
    listed = [(tag, sheet, "，一行一条，用 {%tr for … %} 循环") for tag, (_, sheet) in LISTS.items()]
    for tag, sheet, how in [*listed, ("信息比对", "means", ""), ("工会", "union", "")]:
        found[tag] = f"工作表“{tag}”{how}"
        chosen = (field for field in fields.catalogue()[sheet].fields if field.tag in _names(sheet))
        found |= {f"{tag}.{field.tag}": _explain(field) for field in chosen}
    found |= {f"本次申请.{name}": f"工作表“在档救助申请”的“{name}”" for name in _names("request")}
    for explained, _ in COMPUTED:
        found |= explained
    return found


@cache
def _makers() -> Mapping[str, Maker]:
    """For each tag the function that makes it, together with the other tags of its group."""
    made: dict[str, Maker] = dict.fromkeys(_names("case"), lambda case, decision, union: _printed("case")(case))
    made |= {tag: _lister(tag, attribute, sheet) for tag, (attribute, sheet) in LISTS.items()}
    made["信息比对"] = lambda case, decision, union: {"信息比对": _one("means", case.means)}
    made["工会"] = lambda case, decision, union: {"工会": union_tags(union, name=case.union)}
    for explained, make in COMPUTED:
        made |= dict.fromkeys((tag for tag in explained if "." not in tag), make)
    made["本次申请"] = lambda case, decision, union: {"本次申请": _one("request", _last(case.requests))}
    return made


def _lister(tag: str, attribute: str, sheet: str) -> Maker:
    return lambda case, decision, union: {tag: tuple(map(_printed(sheet), getattr(case, attribute)))}


def _one(sheet: str, row: object | None) -> Row:
    return dict.fromkeys(_names(sheet)) if row is None else _printed(sheet)(row)


def _last(rows: tuple[object, ...]) -> object | None:
    return rows[-1] if rows else None


def _explain(field: fields.Field) -> str:
    unit = f"（{field.unit}）" if field.unit else ""
    note = f"：{field.note}" if field.note else ""
    return f"工作表“{fields.catalogue()[field.sheet].title}”的“{field.tag}”{unit}{note}"


@cache
def _names(sheet: str) -> tuple[str, ...]:
    """The tags of a sheet; below 案件 without the case number, which is the same in every row."""
    return tuple(field.tag for field in fields.catalogue()[sheet].fields if sheet == "case" or field.key != "case_no")


@cache
def _printed(sheet: str) -> Callable[[object], Row]:
    """A function that prints one row of ``sheet``; made once, because it runs for every row of every case."""
    chosen = [field for field in fields.catalogue()[sheet].fields if field.tag in _names(sheet)]
    read = attrgetter(*(field.key for field in chosen))
    plan = tuple((field.tag, _printer(field)) for field in chosen)

    def printed(row: object) -> Row:
        return {
            tag: value if write is None or value is None else write(value)
            for (tag, write), value in zip(plan, read(row), strict=True)
        }

    return printed


def _printer(field: fields.Field) -> Callable[..., str] | None:
    """How a value of this field is printed; None when it already is the printed word."""
    if field.type == "flag":
        yes, no = field.choices[:2]
        return lambda value: yes if value else no
    by_type: Mapping[str, Callable[..., str]] = {
        "date": day,
        "money": money.yuan,
        "choices": "、".join,
        "year": str,
        "integer": str,
        "decimal": plain,
    }
    return by_type.get(field.type)
