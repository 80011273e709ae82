"""安全性: nothing in the bag can do harm, and nothing outside its papers tells who it is about."""

from __future__ import annotations

import re
import shutil
import subprocess

from formgen.bag import SYSTEM_FILES
from formgen.keep import fitness
from formgen.keep.properties import Check, Outcome, Subject, failed, judged, passed, untested

_BASIS = "DA/T 70-2018 安全性"
_SAFE = re.compile(r"[A-Za-z0-9._/-]+")
_PERSONAL = re.compile(r"(?<!\d)(?:\d{15}|\d{17}[\dXx]|1[3-9]\d{9}|\d{16,19})(?!\d)")
MAX_PATH = 180


def malware(subject: Subject) -> Outcome:
    """A malware scanner of this machine, where there is one."""
    scanner = shutil.which("clamscan")
    if not scanner:
        return untested("本机没有杀毒软件 clamscan")
    done = subprocess.run([scanner, "-r", "--no-summary", "-i", str(subject.folder)], capture_output=True, check=False)
    return passed("clamscan 未发现恶意代码") if done.returncode == 0 else failed("clamscan 报告异常")


def harmless(subject: Subject) -> Outcome:
    """No programs, macros or active content."""
    wrong = (path for path in subject.records() if fitness.is_active(path, subject.read(path), subject.policy))
    return judged(wrong, "无可执行文件、宏、脚本")


def clean(subject: Subject) -> Outcome:
    """No links, no system files, only safe and short names."""
    wrong = [f"{path} 是链接" for path in subject.listing.special]
    for path in subject.listing.files:
        if path.rpartition("/")[2].casefold() in SYSTEM_FILES:
            wrong.append(f"{path} 是系统文件")
        elif not _SAFE.fullmatch(path) or len(path) > MAX_PATH:
            wrong.append(f"{path} 的名称不安全")
    return judged(sorted(wrong), "无链接、无系统文件，名称均为安全字符")


def nameless(subject: Subject) -> Outcome:
    """No name, identity, card or phone number in a path or in bag-info."""
    outside = ["\n".join(subject.listing.files), "\n".join(f"{k}: {v}" for k, v in subject.info.pairs)]
    name = str(subject.case.get("职工姓名") or "")
    wrong = [place for place, text in zip(("路径", "bag-info.txt"), outside, strict=True) if _tells(text, name)]
    return judged((f"{place} 中有个人信息" for place in wrong), "路径和 bag-info 中没有个人信息")


def carrier(subject: Subject) -> Outcome:
    """The state of the carrier, which no program sees."""
    return untested("载体外观由人工检查，填入移交与接收登记表")


def process(subject: Subject) -> Outcome:
    """The chains of the logs of the repository."""
    return subject.process or untested("日志链在档案库一级检查")


def _tells(text: str, name: str) -> bool:
    return bool(_PERSONAL.search(text)) or (len(name) > 1 and name in text)


CHECKS = (
    Check("安全性", "恶意代码", _BASIS, malware),
    Check("安全性", "无可执行内容", _BASIS, harmless),
    Check("安全性", "无链接和无关文件", _BASIS, clean),
    Check("安全性", "路径和说明不含个人信息", _BASIS + "；第十六条", nameless),
    Check("安全性", "载体状况", _BASIS, carrier, ("移交", "长期保存")),
    Check("安全性", "过程安全", _BASIS, process),
)
