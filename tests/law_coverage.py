"""The coverage page of the law, made from the code: sentence → provision → stories, and what is left to people.

``python -m tests.law_coverage`` writes output/law-coverage.md.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from pathlib import Path

import formgen.rules.anhui
from formgen import law
from formgen.rules.provision import Provision, register, sentences
from tests import stories

PAGE = Path(__file__).parents[1] / "output" / "law-coverage.md"
#: What no function decides, said openly: where it stands, and who does it.
LEFT_TO_PEOPLE = (
    ("第五条（一）1、2 “仍生活困难”“生活特别困难”", "走访的人认定（走访确认特别困难），程序只读结论"),
    ("第五条（一）4 “非常重大意外灾害”", "集体研究认定，程序给出 human"),
    ("注三 “数额过大”“严重困难”“及其他原因”", "市定数额或集体研究；没有数额时不以金额否定"),
    ("第七条（三） “经常使用”", "名下车辆只是推定，可以申辩；残疾人专用车由集体研究"),
    ("第七条（五） “无故”", "登记的人认定，程序只数次数"),
    ("第七条（七）", "基层集体研究并经上一级工会认可，程序只读两项记录"),
    ("第八条（二）至（五）初审、核审、抽查", "各级工会办理；公示期由另外的命令计算"),
    ("第十条至第十二条 由谁建档、移交", "按属地由人确定"),
    ("第十八条 用哪一笔资金、救助哪一类", "程序列出可选的，会议决定"),
    ("第十九条 取消资格、追回", "有权机关决定；程序给出理由的文字"),
    ("第二十条 市实施细则", "录入“当地设置”；没有录入的按所列默认口径"),
    ("75号三 两项例外同时出现", "集体研究（例外建档）"),
    ("75号五 “通过走访、评估、邻里问询”", "走访评定的数额由人填写（评定年收入）"),
    ("75号六 特殊群体、一事一议", "县级以上集体研究，程序只读会议纪要的结论"),
)


def provisions() -> tuple[Provision, ...]:
    for module in sorted(module.name for module in pkgutil.iter_modules(formgen.rules.anhui.__path__)):
        import_module(f"formgen.rules.anhui.{module}")
    return tuple(sorted(register(), key=lambda found: (found.module, found.name)))


def page() -> str:
    told = stories.all_stories()
    lines = [
        "# 规则覆盖表",
        "",
        f"由代码生成：`python -m tests.law_coverage`。规则：{law.pack_name()}，截至 {law.load().until}。",
        "每一句原文、读它的函数、所依据的口径（AMB-nn）和检验它的案例；没有函数的句子和留给人的事项列在后面。",
        "",
        "| 条文 | 原文编号 | 函数 | 口径 | 案例 |",
        "| --- | --- | --- | --- | --- |",
    ]
    by_sentence = {name: [p for p in provisions() if name in p.cites] for name in sentences()}
    for name, sentence in sentences().items():
        for provision in by_sentence[name]:
            readings = "、".join(provision.readings) or "—"
            function = f"{provision.module.removeprefix('formgen.rules.')}.{provision.name}"
            lines.append(f"| {sentence.place} | {name} | `{function}` | {readings} | {_stories(name, told)} |")
    lines += ["", "## 只引用、不判断的原文", "", "| 条文 | 原文编号 |", "| --- | --- |"]
    lines += [f"| {sentence.place} | {name} |" for name, sentence in sentences().items() if not by_sentence[name]]
    lines += ["", "## 由市里选定的口径", "", "| 项目 | 默认 | 口径 | 案例 |", "| --- | --- | --- | --- |"]
    lines += [_choice(subject, entry, told) for subject, entry in law.subjects().items()]
    lines += ["", "## 留给人的事项", "", "| 条文 | 谁来做 |", "| --- | --- |"]
    lines += [f"| {place} | {who} |" for place, who in LEFT_TO_PEOPLE]
    return "\n".join(lines) + "\n"


def _stories(name: str, told: list[dict]) -> str:
    found = [story["id"] for story in told if _touches(name, story)]
    return "、".join(found) or "—"


#: How stories name sentences of the list of papers, and what they are told under.
_ALSO = {
    "收入材料2": "表材料(2)",
    "人口材料3": "表材料(3)",
    "支出材料1": "表材料·教育",
    "支出材料2": "AMB-06",
    "支出材料3": "AMB-38",
    "75号一证明": "75号一",
}


def _touches(name: str, story: dict) -> bool:
    outcome = story["outcome"]
    if name.startswith("18"):
        return outcome.get("tier") == name[2:] and "funds" in outcome
    wanted = {part.strip() for part in story["article"].split(";")}
    wanted |= {outcome.get("branch", ""), *outcome.get("branches", ())}
    if name in _ALSO:
        return _ALSO[name] in wanted
    return name in wanted or any(name.startswith(part) for part in wanted if part not in TOO_WIDE)


#: Articles that name a whole instrument or chapter, not a sentence.
TOO_WIDE = {"", "5", "6", "7", "75号"}


def _choice(subject: str, entry: dict, told: list[dict]) -> str:
    default = entry.get("default") or ("不影响级别" if "effect" in entry else "未定，按不明处理")
    if entry.get("number"):
        default = str(law.figure("city")["value"]) if subject == "市总级倍数" else "未定，不用数额"
    used = [
        story["id"]
        for story in told
        if any(row["项目"] == subject for row in story.get("rows", {}).get("当地设置", ()))
    ]
    return f"| {subject} | {default} | {entry['amb']} | {'、'.join(used) or '—'} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
