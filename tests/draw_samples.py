"""Writes ``sample.toml`` beside each shipped template: ``python -m tests.draw_samples``.

A sample is one made-up case with a value for every tag the template prints, to try a redrawn template on.
"""

from __future__ import annotations

import dataclasses
import json
import re
import zipfile
from collections.abc import Mapping
from datetime import date

from formgen import pdf
from formgen.papers import agenda, forms, notice, publicity, tags
from formgen.papers.forms import Form
from tests import papers

DAY = date(2019, 3, 12)
FULL = dataclasses.replace(
    papers.LI,
    union_opinion="经走访核实，情况属实，同意上报。",
    union_opinion_on=DAY,
    higher_opinion="经复核，符合建档条件。",
    higher_opinion_on=DAY,
    centre_opinion="同意建档。",
    centre_opinion_on=DAY,
    informed_on=DAY,
    requests=(
        dataclasses.replace(
            papers.LI.requests[0], address_change="无变化", phone_change="无变化", card_change="无变化"
        ),
    ),
)


def context(form: Form) -> Mapping[str, object]:
    """Every tag of the made-up case, as that paper sees it."""
    decision = papers.DECISIONS.get(form.id, papers.LI_DECISION)
    if form.per == "union":
        entries = [each for each in [publicity.entry(FULL, decision)] if each]
        return notice.plan(entries, {papers.UNION.name: papers.UNION})[0][0].tags()
    if form.per == "batch":
        point = agenda.point(FULL, dataclasses.replace(decision, status="human", body="县级以上总工会"))
        return agenda.tags([point] if point else [])
    made = dict(tags.context(FULL, decision, union=papers.UNION))
    made["附页"] = ({"标题": "家庭困难状况", "内容": "放不进表格的长文字，全文印在附页。"},)
    return made


def used(form: Form) -> list[str]:
    """The tags a template names, roots only, in the order they first stand."""
    if form.template is None:
        return []
    if form.kind == "pdf":
        renamed = dict(form.fields)
        return [renamed.get(field.name, field.name) for field in pdf.load(form.template).fields]
    with zipfile.ZipFile(form.template) as package:
        parts = [package.read(name).decode() for name in package.namelist() if name.endswith(".xml")]
    text = re.sub(r"<[^>]+>", "", "".join(parts))
    loops = {item for item, _ in re.findall(r"for (\w+) in (\w+)", text)}
    names = re.findall(r"(?:\{\{ ?|%\w* (?:if|for \w+ in) )(\w+)", text)
    return [name for name in dict.fromkeys(names) if name not in loops]


def sample(form: Form) -> str:
    """The sample of a form as TOML."""
    made = context(form)
    return "".join(f"{json.dumps(tag, ensure_ascii=False)} = {_toml(made.get(tag))}\n" for tag in used(form))


def _toml(value: object) -> str:
    if isinstance(value, tuple):
        return "[\n" + "".join(f"  {_toml(each)},\n" for each in value) + "]"
    if isinstance(value, Mapping):
        told = {key: each for key, each in value.items() if each is not None}
        return (
            "{ "
            + ", ".join(f"{json.dumps(key, ensure_ascii=False)} = {_toml(each)}" for key, each in told.items())
            + " }"
        )
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps("" if value is None else str(value), ensure_ascii=False)


if __name__ == "__main__":
    for each in forms.load():
        if each.template is not None:
            (each.folder / "sample.toml").write_text(
                "# 一户编造的样例，用来试印这份模板\n" + sample(each), encoding="utf-8"
            )
