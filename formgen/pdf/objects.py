"""Values of a PDF object as Python has them, whatever stands there: a missing or odd one is empty, never an error."""

from __future__ import annotations

import io

from pypdf.generic import ArrayObject, DictionaryObject, NameObject, PdfObject, StreamObject


def dictionary(value: object) -> DictionaryObject:
    """The dictionary a value is or refers to, an empty one when it is none."""
    found = value.get_object() if isinstance(value, PdfObject) else value
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def array(value: object) -> ArrayObject:
    """The array a value is or refers to, an empty one when it is none."""
    found = value.get_object() if isinstance(value, PdfObject) else value
    return found if isinstance(found, ArrayObject) else ArrayObject()


def string(value: object) -> str:
    """The words of a string or name object; empty for anything else."""
    found = value.get_object() if isinstance(value, PdfObject) else value
    if isinstance(found, NameObject):
        return str(found)[1:]
    if isinstance(found, StreamObject):
        return found.get_data().decode("utf-8", "replace")
    if isinstance(found, bytes):
        return found.decode("latin-1")
    return str(found) if isinstance(found, str) else ""


def integer(value: object) -> int:
    """A whole number, 0 for anything else."""
    return int(decimal(value))


def decimal(value: object) -> float:
    """A number, 0.0 for anything else."""
    found = value.get_object() if isinstance(value, PdfObject) else value
    try:
        return float(found)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return 0.0


def written(value: PdfObject) -> bytes:
    """The object as a file holds it."""
    buffer = io.BytesIO()
    value.write_to_stream(buffer)
    return buffer.getvalue()


def name(word: str) -> bytes:
    """A name object as a file holds it."""
    return written(NameObject(f"/{word}"))
