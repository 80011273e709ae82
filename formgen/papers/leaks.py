"""The leak gate: no public paper leaves with anybody's full ID, card, phone, address or diagnosis in it.

The gate knows the public texts and looks at the secrets of every case of the batch as they pass, so its memory grows
with what is posted and not with the batch.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import TypeAlias

from formgen import fields
from formgen.household import Case

GRAM = 5
Secret: TypeAlias = tuple[str, str, str]  # case number, kind, text
_TEXT = re.compile(r"<(?:\w+:)?(?:t|title|subject|creator|description|keywords)(?: [^>]*)?>([^<]*)<")
_DROP = re.compile(r"[\s\-‐-―·]+")


@dataclass(frozen=True, slots=True)
class Leak:
    """Something private found in a public text: whose, of what kind, and in which text; never the value itself."""

    path: str
    case_no: str
    kind: str


class Gate:
    """Public texts by path; ``allowed`` are whole words that may stand in each: employers, the union, its hotline."""

    def __init__(self, texts: Mapping[str, str], allowed: Mapping[str, Iterable[str]] | None = None) -> None:
        self._texts = {path: normal(text) for path, text in texts.items()}
        self._open = {path: frozenset(map(normal, words)) for path, words in (allowed or {}).items()}
        self._grams: dict[str, tuple[str, ...]] = {}
        for path, text in self._texts.items():
            alone = (path,)
            for at in range(len(text) - GRAM + 1):
                gram = text[at : at + GRAM]
                held = self._grams.get(gram)
                if held is None:
                    self._grams[gram] = alone
                elif path not in held:
                    self._grams[gram] = (*held, path)

    def find(self, secrets: Iterable[Secret]) -> Iterator[Leak]:
        """Every secret that stands in a public text."""
        for case_no, kind, text in secrets:
            plain = normal(text)
            for path in sorted(self._grams.get(plain[:GRAM], ())):
                if plain in self._texts[path] and plain not in self._open.get(path, ()):
                    yield Leak(path, case_no, kind)


def secrets(case: Case) -> tuple[Secret, ...]:
    """What must never be posted of one case; texts too short to mean anybody are left out."""
    found = [
        ("证件号码", case.id_number),
        ("银行卡号", case.card_number),
        ("电话", case.phone),
        ("电话", case.union_contact_phone),
        ("住址", case.address),
        *(("证件号码", member.id_number) for member in case.members),
        *(("病情", text) for text in (case.cause_note, case.hardship_text)),
        *(("病情", member.special_proof) for member in case.members),
        *(("病情", request.change_reason) for request in case.requests),
    ]
    telling = ((kind, text) for kind, text in found if text and len(normal(text)) >= GRAM and _tells(kind, text))
    return tuple(dict.fromkeys((case.case_no, kind, text) for kind, text in telling))


def normal(text: str) -> str:
    """Text as it is compared: NFKC, without blanks and dashes, so that 138-0000 0001 is found as well."""
    return _DROP.sub("", unicodedata.normalize("NFKC", text)).upper()


def printed(content: bytes) -> str:
    """All text of a Word or Excel file, body, headers, footers and properties, in one line."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = [package.read(name).decode("utf-8", "replace") for name in package.namelist() if name.endswith(".xml")]
    return "\n".join(unescape("".join(_TEXT.findall(part))) for part in parts)


def _tells(kind: str, text: str) -> bool:
    """Whether a text says more than the categories that are posted anyway."""
    if kind != "病情":
        return True
    for word in fields.catalogue()["case"].by_key("causes").choices:
        text = text.replace(word, "")
    return len(re.sub(r"[\W本人因致困和及]+", "", text)) >= 3
