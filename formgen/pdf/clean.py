"""A PDF made elsewhere, written anew: no dates, no chance, nothing that acts; equal pages give equal bytes."""

from __future__ import annotations

import io
import re

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, IndirectObject, NameObject, StreamObject

from formgen.pdf import file as pdf_file
from formgen.pdf.form import BROKEN
from formgen.pdf.objects import dictionary, integer
from formgen.pdf.plan import LANGUAGE, disarm, entitle, serialised

_UNIQUE = re.compile(rb"(/UniqueID )(\d+)")
_EEXEC_KEY, _C1, _C2 = 55665, 52845, 22719  # Adobe Type 1 Font Format, chapter 7


def clean(content: bytes, *, title: str = "") -> bytes:
    """The same pages with a title of ours. Raises ValueError when the file is broken."""
    try:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content), strict=False))
        disarm(writer)
        entitle(writer, LANGUAGE)
        _settle_fonts(writer)
        return rewritten(writer, title)
    except BROKEN as wrong:
        raise ValueError("not a PDF") from wrong


def rewritten(writer: PdfWriter, title: str) -> bytes:
    """What the writer holds, as a file without dates."""
    root = writer.root_object
    root.pop("/DocChecksum", None)
    reference = root.indirect_reference
    assert isinstance(reference, IndirectObject)
    objects = serialised(reference, writer, set())
    size = max(objects) + 1
    parts = pdf_file.Parts()
    parts.put(size, b"<</Title %b/Producer(formgen)>>" % pdf_file.text(title))
    return pdf_file.assemble(pdf_file.base_of(objects, size=size, root=reference.idnum), parts, info=size)


def page_count(content: bytes) -> int:
    """How many pages the file has, 0 when it is none or cannot be read."""
    if not content.startswith(b"%PDF-"):
        return 0
    try:
        return len(PdfReader(io.BytesIO(content), strict=False).pages)
    except BROKEN:
        return 0


def _settle_fonts(writer: PdfWriter) -> None:
    """Take LibreOffice's running number out of its Type 1 fonts: it counts the fonts of the whole process."""
    for entry in list(writer._objects):
        descriptor = entry if isinstance(entry, DictionaryObject) else DictionaryObject()
        program = dictionary(descriptor.get("/FontFile"))
        if isinstance(program, StreamObject):
            settled = _without_number(
                program.get_data(), integer(program.get("/Length1")), integer(program["/Length2"])
            )
            if settled is not None:
                _replace(program, settled)


def _replace(program: StreamObject, settled: bytes) -> None:
    packed = StreamObject()
    packed.set_data(settled)
    made = packed.flate_encode()
    for key in ("/Filter", "/DecodeParms", "/Length"):
        program.pop(key, None)
    program[NameObject("/Filter")] = made["/Filter"]
    program._data = made._data


def _without_number(font: bytes, clear: int, secret: int) -> bytes | None:
    """The font with its unique number zeroed, None when it has none; lengths stay."""
    hidden = _decrypt(font[clear : clear + secret])
    if not _UNIQUE.search(hidden):
        return None
    hidden, head = (_UNIQUE.sub(_zeroed, part) for part in (hidden, font[:clear]))
    return head + _encrypt(hidden) + font[clear + secret :]


def _zeroed(found: re.Match[bytes]) -> bytes:
    return found.group(1) + b"4" + b"0" * (len(found.group(2)) - 1)


def _decrypt(cipher: bytes) -> bytes:
    state, plain = _EEXEC_KEY, bytearray()
    for byte in cipher:
        plain.append(byte ^ (state >> 8))
        state = ((byte + state) * _C1 + _C2) & 0xFFFF
    return bytes(plain)


def _encrypt(plain: bytes) -> bytes:
    state, cipher = _EEXEC_KEY, bytearray()
    for byte in plain:
        code = byte ^ (state >> 8)
        cipher.append(code)
        state = ((code + state) * _C1 + _C2) & 0xFFFF
    return bytes(cipher)
