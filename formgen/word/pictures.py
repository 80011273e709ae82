"""Pictures in a compiled paper: the drawing at its place, the file, its relation and its content type."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from html import escape

from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.image.image import Image
from docx.oxml.shape import CT_Inline
from docx.shared import Mm

from formgen.word.values import Picture

TYPES, RELATIONS = "[Content_Types].xml", "http://schemas.openxmlformats.org/package/2006/relationships"
_IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_RID = re.compile(rb'Id="rId([0-9]+)"')
_MEDIA = re.compile(r"word/media/image([0-9]+)\.")
_DOCPR = re.compile(rb'(<wp:docPr(?: [^>]*?)? id=")[^"]*(")')
_FIRST = 1001  # docxtpl numbers the drawings of a paper from here
_EMPTY = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{RELATIONS}"/>'.encode()
#: what python-docx raises on a file that is no picture
NO_PICTURE = (UnrecognizedImageError, InvalidImageStreamError, UnexpectedEndOfFileError)


class Album:
    """The pictures of one paper; ``members`` are the files that differ from the template because of them."""

    def __init__(self, template: Mapping[str, bytes]) -> None:
        self.members: dict[str, bytes] = {}
        self._template = template
        self._names: dict[str, str] = {}
        self._relations: dict[tuple[str, str], str] = {}
        numbers = [int(found[1]) for name in template if (found := _MEDIA.match(name))]
        self._next = max(numbers, default=0) + 1

    def drawing(self, part: str, picture: Picture) -> bytes:
        """The runs of a picture, to stand inside the text of a run of ``part``. Raises one of NO_PICTURE."""
        image = Image.from_blob(picture.content)
        relation = self._related(part, self._stored(image))
        number, name = _FIRST + len(self._relations), escape(image.filename or "")
        xml = CT_Inline.new_pic_inline(number, relation, name, Mm(picture.width), Mm(picture.height)).xml
        run = f'</w:t></w:r><w:r><w:drawing>{xml}</w:drawing></w:r><w:r><w:t xml:space="preserve">'
        return run.encode("utf-8")

    def _stored(self, image: Image) -> str:
        """The member that holds the image; one that is printed twice is stored once."""
        digest = hashlib.sha256(image.blob).hexdigest()
        if digest not in self._names:
            self._names[digest] = f"media/image{self._next}.{image.ext}"
            self._next += 1
            self.members[f"word/{self._names[digest]}"] = image.blob
            self._typed(image.ext, image.content_type)
        return self._names[digest]

    def _related(self, part: str, target: str) -> str:
        if (part, target) not in self._relations:
            name = f"word/_rels/{part.rpartition('/')[2]}.rels"
            member = self.members.get(name, self._template.get(name, _EMPTY))
            number = max((int(each) for each in _RID.findall(member)), default=0) + 1
            entry = f'<Relationship Id="rId{number}" Type="{_IMAGE}" Target="{target}"/>'.encode()
            self.members[name] = _inserted(member, entry, b"Relationships")
            self._relations[part, target] = f"rId{number}"
        return self._relations[part, target]

    def _typed(self, extension: str, kind: str) -> None:
        member = self.members.get(TYPES, self._template[TYPES])
        if f'Extension="{extension}"'.encode() not in member:
            entry = f'<Default Extension="{extension}" ContentType="{kind}"/>'.encode()
            at = member.index(b"<Types")
            head = member.index(b">", at) + 1
            self.members[TYPES] = member[:head] + entry + member[head:]


def numbered(part: bytes) -> bytes:
    """The part with its drawings numbered anew in their order, so that no two have the same number."""
    numbers = iter(range(_FIRST, 10**9))
    return _DOCPR.sub(lambda found: found[1] + b"%d" % next(numbers) + found[2], part)


def _inserted(member: bytes, entry: bytes, root: bytes) -> bytes:
    """The XML with one more child at the end of its root."""
    end = member.rfind(b"</" + root)
    if end >= 0:
        return member[:end] + entry + member[end:]
    empty = member.rfind(b"/>")
    return member[:empty] + b">" + entry + b"</" + root + b">"
