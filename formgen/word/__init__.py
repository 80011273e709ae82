"""Fill Word templates: ``load`` compiles one, ``WordTemplate.fill`` makes a paper of it in memory.

A template that cannot be compiled is filled by docxtpl itself, a few hundred times slower; ``WordTemplate.findings``
says so. Whoever fills several papers of one record makes a ``Record`` of it first, so that its values are escaped once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import jinja2

from formgen import names
from formgen.messages import FormgenError
from formgen.model import Finding, Place
from formgen.word import fallback as word_fallback
from formgen.word import trial as word_trial
from formgen.word.compiled import Compiled, Met
from formgen.word.fallback import Refused, Session
from formgen.word.record import NeedsDocxtpl, Record
from formgen.word.source import NotCompilable, NoWord
from formgen.word.values import Picture, Rich
from formgen.xlsx import repack

__all__ = ["Filled", "Picture", "Record", "Rich", "WordTemplate", "load"]


@dataclass(frozen=True, slots=True)
class Filled:
    """A paper in memory, the tags printed without a value, and what was met while filling."""

    content: bytes = field(repr=False)
    missing: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


class WordTemplate:
    """A template read once. ``findings`` are about the template: that docxtpl has to fill it, and why."""

    def __init__(self, name: str, content: bytes) -> None:
        """Compile the template. Raises Refused, jinja2.TemplateError and NoWord."""
        self.name, self._content = name, content
        self.findings: tuple[Finding, ...] = ()
        self._last: tuple[Record, Session] | None = None
        self._compiled: Compiled | None = None
        try:
            self._compiled = Compiled(content)
        except NotCompilable as wrong:
            self._give_up(wrong.code, wrong.what)

    @property
    def is_compiled(self) -> bool:
        """Whether papers are made by the compiled template, not by docxtpl."""
        return self._compiled is not None

    def fill(self, context: Mapping[str, object] | Record, *, missing: str = "mark") -> Filled:
        """The paper of one record. ``missing`` is mark, blank or error: what becomes of tags printed without a value.

        With ``error`` the paper is blank there and each tag is a finding E430.
        """
        record = context if isinstance(context, Record) else Record(context)
        if self._compiled is None:
            return self._slow(record, missing)
        met = Met()
        try:
            content = self._compiled.fill(record, met, policy=missing)
        except NeedsDocxtpl:
            return self._slow(record, missing)
        unknown = self._compiled.roots - record.raw.keys()
        if not (met.missing or met.unfit or met.lost or record.dirty or record.undefined or unknown):
            return Filled(content)
        roots = self._compiled.roots
        undefined = (*sorted(unknown), *(tag for tag in record.undefined if tag.partition(".")[0] in roots))
        dirty = {tag: what for tag, what in record.dirty.items() if tag in roots}
        findings = (*self._met(dirty, met.unfit, undefined), *self._must(met.missing, missing))
        findings += tuple(Finding("E436", Place(file=self.name, heading=tag), {"tag": tag}) for tag in met.lost)
        return Filled(content, tuple(met.missing), findings)

    @property
    def whole(self) -> frozenset[str]:
        """The tags that the template prints as they are; none are known of one that docxtpl fills."""
        return self._compiled.whole if self._compiled is not None else frozenset()

    @property
    def blank_rows(self) -> int | None:
        """How many table rows are blank by design when missing values are marked; None when that depends."""
        return self._compiled.blank_rows if self._compiled is not None else None

    def expected(self, context: Mapping[str, object] | Record) -> Mapping[str, str]:
        """What the paper of a record must print, for the read-back proof: its values and the fixed words.

        Each comes with the tag it is about, fixed words with nothing.
        """
        record = context if isinstance(context, Record) else Record(context)
        if self._compiled is not None:
            return self._compiled.asked(record)
        if self._last is None or self._last[0] is not record:
            self._slow(record, "blank")
        return self._last[1].printed if self._last else {}

    def trial(self) -> word_trial.Trial:
        """Prove the compiled template: every branch is rendered, parsed strictly and compared with docxtpl's paper.

        Where they differ, docxtpl fills this template from now on and ``findings`` says so.
        """
        if self._compiled is None:
            return word_trial.Trial(0)
        made = word_trial.proved(self._content, self._compiled)
        if not made.is_proved:
            self._compiled = None
            self._give_up("W460", "、".join((*made.differing, *made.broken)))
        return made

    def _give_up(self, code: str, what: str) -> None:
        self.findings = (Finding(code, Place(file=self.name), {"what": what}),)

    def _slow(self, record: Record, missing: str) -> Filled:
        session = Session(policy=missing)
        content = repack.repacked(word_fallback.render(self._content, record.raw, session))  # docxtpl writes the hour
        self._last = record, session
        findings = (*self._met(session.dirty, session.unfit, session.undefined), *self._must(session.missing, missing))
        return Filled(content, tuple(session.missing), findings)

    def _must(self, missing: Iterable[str], policy: str) -> Iterator[Finding]:
        if policy == "error":
            yield from (Finding("E430", Place(file=self.name, heading=tag), {"tag": tag}) for tag in missing)

    def _met(
        self,
        dirty: Mapping[str, tuple[tuple[str, ...], bool]],
        unfit: Iterable[tuple[str, str]],
        undefined: Iterable[str],
    ) -> Iterator[Finding]:
        for tag, (removed, is_broken) in dirty.items():
            place = Place(file=self.name, heading=tag)
            if removed:
                yield Finding("W431", place, {"tag": tag, "signs": "、".join(removed)})
            if is_broken:
                yield Finding("E432", place, {"tag": tag})
        for name, tag in dict.fromkeys(unfit):
            code, values = "W684" if name == "数值" else "W433", {"filter": name, "tag": tag or name}
            yield Finding(code, Place(file=self.name, heading=tag or name), values)
        for tag in dict.fromkeys(undefined):
            yield Finding("W434", Place(file=self.name, heading=tag), {"tag": tag})


def load(path: Path) -> WordTemplate:
    """The template in that file. Raises FormgenError when it is no Word file or its tags cannot be read."""
    name = names.shown(path)  # every paper's template has the same file name
    place = Place(file=name)
    try:
        return WordTemplate(name, path.read_bytes())
    except Refused as wrong:
        raise FormgenError(Finding("E477", place, {"what": wrong.breach.what})) from wrong
    except jinja2.TemplateError as wrong:
        raise FormgenError(Finding("E478", place)) from wrong
    except NoWord as wrong:
        raise FormgenError(Finding("E479", place)) from wrong
