"""The tags of one paragraph, and everything wrong with how they are written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

import jinja2
from jinja2 import nodes

from formgen import fields
from formgen.word import filters, sandbox
from formgen.word.uses import Use, dotted, uses

_TAG = re.compile(r"\{\{(?:(?!\{\{|\{%).)*?\}\}|\{%(?:(?!\{\{|\{%).)*?%\}|\{#.*?#\}", re.DOTALL)
_WIDE = re.compile(r"[{｛﹛]{1,2}[%％]?[^{}｛｝﹛﹜]{0,80}[%％]?[}｝﹜]{1,2}")
_OPEN = re.compile(r"\{\{|\{%|\}\}|%\}|｛｛|｝｝")
_OTHER = re.compile(
    r"\$\{[^{}]{1,80}\}|«[^«»]{1,80}»|<<[^<>]{1,80}>>"
    r"|\{[ ]*(?:[#/^@>+$~]|d\.|c\.|FOR |END-FOR|IF |INS |IMAGE )[^{}]{0,80}\}"
)
_FOREIGN = re.compile(r"\{\{[ ]*[#/^@>+?=*!][^{}]*\}\}")
_EXTRA = re.compile(r"\{{3,}([^{}]*)\}{2,}|\{{2}([^{}%#][^{}]*)\}{3,}")
_PREFIX = re.compile(r"^(\{[{%])(tr|tc|p|r)(?=\s)")
_CURLY = str.maketrans("“”‘’", "\"\"''")
_BLOCKS = {"if": "{}{{% endif %}}", "for": "{}{{% endfor %}}"}
_SPECIAL = re.compile(r"\{%-?\s*(?:vm|hm|colspan\s+(?P<span>[^%]*)|cellbg\s+(?P<fill>[^%]*))\s*-?%\}")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_PARTED = re.compile(rf"\{{{_UNSEEN.pattern}+[{{%]|[%}}]{_UNSEEN.pattern}+\}}")
_SINGLE = re.compile(r"(?<![=!<>])=(?!=)")
_PARSER = sandbox.Environment()


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong between two characters of a paragraph: a message code, its values, a repair if it is plain."""

    code: str
    start: int
    end: int
    values: Mapping[str, str] = field(default_factory=dict)
    repair: str | None = None


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as docxtpl reads it: ``word`` is for, if, elif, else, endfor, endif or "" for a printed value.

    ``scope`` is tr, tc, p, r or empty, ``names`` the dotted names it asks for, ``target`` and ``source`` those of a
    loop, ``uses`` what is done with each name.
    """

    start: int
    end: int
    text: str
    word: str
    scope: str = ""
    names: tuple[str, ...] = ()
    target: str = ""
    source: str = ""
    uses: tuple[Use, ...] = ()


def tags(text: str) -> tuple[tuple[Tag, ...], tuple[Fault, ...]]:
    """The tags of a paragraph's text, and the faults that can be seen in the paragraph alone."""
    found: list[Tag] = []
    faults: list[Fault] = []
    for match in (*_PARTED.finditer(text), *_EXTRA.finditer(text)):
        if match[0].startswith("{{") and not match[0].startswith("{{{") and _is_open(text[: match.start()]):
            continue  # the last brace closes one of the text itself
        faults.append(_braces(match) if match.re is _EXTRA else _parted(match))
        text = text[: match.start()] + "\0" * len(match.group()) + text[match.end() :]
    rest = text
    for match in (*_TAG.finditer(text), *_FOREIGN.finditer(text)):
        rest = rest[: match.start()] + "\0" * len(match.group()) + rest[match.end() :]
    for match in _TAG.finditer(text):
        if _FOREIGN.fullmatch(match.group()) or match.group().startswith("{#"):
            faults += _foreign(match) if not match.group().startswith("{#") else ()
            continue
        tag = _read(match)
        if isinstance(tag, Tag):
            found.append(tag)
            faults += _breaches(tag)
        elif tag is not None:
            faults.append(tag)
    faults += _left(rest)
    return tuple(found), tuple(sorted(faults, key=lambda fault: fault.start))


def nearest(name: str, known: Mapping[str, str]) -> str:
    """The known field that was most likely meant, empty when none is near."""
    if alias := _alias(name):
        return alias if alias in known else ""
    return next(iter(get_close_matches(name, known, n=1, cutoff=0.55)), "")


def is_heading(name: str, tag: str) -> bool:
    """Whether fields.toml accepts the name as another heading of that very field."""
    return bool(tag) and _alias(name) == tag


def _alias(name: str) -> str:
    """The tag of a heading that fields.toml accepts under another name, e.g. 身份证号 for 身份证号码."""
    wanted = fields.normal(name)
    case = fields.catalogue()["case"].headings()
    return case[wanted].tag if wanted in case else ""


def _is_open(text: str) -> bool:
    return text.count("{") > text.count("}")


def _braces(match: re.Match[str]) -> Fault:
    """A tag with more braces than two on one side; the others would be printed or make it unreadable."""
    repair = f"{{{{ {(match[1] or match[2] or '').strip()} }}}}"
    plain = repair if _can_be_read(repair) else None
    return Fault("E630", *match.span(), {"tag": match.group(), "repair": repair}, plain)


def _parted(match: re.Match[str]) -> Fault:
    """Two braces with something between that nobody sees."""
    repair = _UNSEEN.sub("", match.group())
    return Fault("E641", *match.span(), {"signs": _signs(match.group()), "repair": repair}, repair)


def _signs(text: str) -> str:
    """The signs of a text that nobody sees, by number."""
    return "、".join(dict.fromkeys(f"U+{ord(sign):04X}" for sign in _UNSEEN.findall(text)))


def _foreign(match: re.Match[str]) -> tuple[Fault, ...]:
    return (Fault("W414", *match.span(), {"tag": match.group()}),)


def _read(match: re.Match[str]) -> Tag | Fault | None:
    raw = match.group()
    if special := _SPECIAL.fullmatch(raw):
        inner = special["span"] or special["fill"]
        return _value(match, "{{ " + inner + " }}", "tc") if inner else None
    scope = _PREFIX.match(raw)
    plain = _PREFIX.sub(r"\1", raw).translate(_CURLY)
    kind = scope[2] if scope else ""
    if plain.startswith("{{"):
        return _value(match, plain, kind)
    word = re.match(r"\{%[-+]?\s*(\w*)", plain)
    name = word[1] if word else ""
    if name in ("endfor", "endif", "else"):
        return Tag(*match.span(), raw, name, kind)
    if name == "elif":
        return _parsed(match, "{% if 1 %}" + plain + "{% endif %}", plain, name, kind)
    if name in _BLOCKS:
        return _parsed(match, _BLOCKS[name].format(plain), plain, name, kind)
    return _parsed(match, plain, plain, name, kind)


def _value(match: re.Match[str], plain: str, kind: str) -> Tag | Fault:
    return _parsed(match, plain, plain, "", kind)


def _parsed(match: re.Match[str], source: str, plain: str, word: str, kind: str) -> Tag | Fault:
    try:
        tree = _PARSER.parse(source)
    except jinja2.TemplateSyntaxError as wrong:
        return _unreadable(match, plain, kind, wrong)
    if (minus := tree.find(nodes.Sub)) is not None and isinstance(minus.left, nodes.Name):
        return Fault("E408", *match.span(), {"tag": match.group(), "hint": "X970"})
    loop = tree.find(nodes.For)
    target = loop.target.name if loop is not None and isinstance(loop.target, nodes.Name) else ""
    names = tuple(dict.fromkeys(_names(loop.iter if loop is not None else tree)))
    done = tuple(dict.fromkeys(uses(tree)))
    return Tag(*match.span(), match.group(), word, kind, names, target, names[0] if target and names else "", done)


def _names(node: nodes.Node) -> Iterator[str]:
    """The dotted names an expression asks for."""
    if isinstance(node, nodes.Name):
        if node.ctx == "load":
            yield node.name
        return
    if isinstance(node, nodes.Getattr) and (whole := dotted(node)):
        yield whole
        return
    for child in node.iter_child_nodes():
        yield from _names(child)


def _unreadable(match: re.Match[str], plain: str, kind: str, wrong: jinja2.TemplateSyntaxError) -> Fault:
    """A tag that cannot be read, with the tag that was most likely meant; signs that nobody sees are named."""
    unseen = _signs(plain)
    for repair in _guesses(plain, kind):
        values = {"tag": match.group(), "hint": "X993" if unseen else "X971", "repair": repair}
        return Fault("E408", *match.span(), {**values, "signs": unseen}, repair)
    return Fault("E408", *match.span(), {"tag": match.group(), "hint": _hint(wrong.message or "")})


def _guesses(plain: str, kind: str) -> Iterator[str]:
    """Spellings that can be read: the known field without blanks, unit and brackets, or half-width signs."""
    inner = plain.strip("{}% ")
    if plain.startswith("{{") and (field_name := _alias(inner)):
        yield f"{plain[:2]}{kind} {field_name} }}}}"
    half = _UNSEEN.sub("", unicodedata.normalize("NFKC", plain).translate(_CURLY))
    for guess in (half, _SINGLE.sub("==", half) if plain.startswith("{%") else half):
        if guess != plain and _can_be_read(guess):
            yield guess[:2] + kind + guess[2:]


def _can_be_read(source: str) -> bool:
    source = re.sub(r"^\{%-?\s*elif", "{% if", source)
    whole = source + "{% endif %}" if re.match(r"\{%-?\s*if", source) else source
    whole += "{% endfor %}" if re.match(r"\{%-?\s*for", source) else ""
    try:
        return next(sandbox.breaches(_PARSER.parse(whole)), None) is None
    except jinja2.TemplateSyntaxError:
        return False


def _hint(message: str) -> str:
    """The code of what most likely makes a tag unreadable, by the words of the parser."""
    if "unexpected char" in message:
        return "X972"
    if "unknown tag" in message or "Unexpected end of template" in message:
        return "X973"
    return "X974"


def _breaches(tag: Tag) -> Iterator[Fault]:
    plain = _PREFIX.sub(r"\1", tag.text).translate(_CURLY)
    if tag.word in ("else", "endif", "endfor") or _SPECIAL.fullmatch(tag.text):
        return
    source = _BLOCKS[tag.word].format(plain) if tag.word in _BLOCKS else plain
    source = "{% if 1 %}" + plain + "{% endif %}" if tag.word == "elif" else source
    for breach in sandbox.breaches(_PARSER.parse(source)):
        if breach.kind == "filter":
            near = next(iter(get_close_matches(breach.what, filters.FILTERS, n=1, cutoff=0.4)), "")
            values = {"hint": "X975" if near else "X977", "near": near, "known": "、".join(filters.CATALOGUE)}
            yield Fault("E406", tag.start, tag.end, {"filter": breach.what, **values})
        else:
            yield Fault("E407", tag.start, tag.end, {"what": breach.what})


def _left(rest: str) -> Iterator[Fault]:
    """What looks like a tag and is none: brackets of another width, single ones, tags of other programs, open ends."""
    for find, make in ((_OTHER, _other), (_WIDE, _wide), (_OPEN, _open)):
        for match in find.finditer(rest):
            if (fault := make(match)) is not None:
                yield fault
        rest = find.sub(lambda found: "\0" * len(found.group()), rest)


def _other(match: re.Match[str]) -> Fault:
    inner = match.group().strip("${}«»<> ").removeprefix("d.").removeprefix("c.")
    repair = f"{{{{ {found} }}}}" if (found := _alias(inner)) else None
    return Fault("W414", *match.span(), {"tag": match.group()}, repair)


def _wide(match: re.Match[str]) -> Fault | None:
    raw = match.group()
    inner = unicodedata.normalize("NFKC", raw).strip("{}% \t")
    is_block = "%" in raw or "％" in raw
    repair = f"{{% {inner} %}}" if is_block else f"{{{{ {inner} }}}}"
    is_plain = inner in ("endif", "endfor", "else") or _can_be_read(repair)
    if set(raw) & set("｛｝﹛﹜％"):
        return Fault("E404", *match.span(), {"tag": raw, "repair": repair}, repair if is_plain else None)
    if not re.fullmatch(r"[^\W\d][\w.]*(?:\s*\|.*)?", inner):
        return None  # a brace of the text itself
    known = bool(_alias(inner.partition("|")[0].strip()))
    return Fault("E403", *match.span(), {"tag": raw, "repair": repair}, repair if known else None)


def _open(match: re.Match[str]) -> Fault:
    return Fault("E410", *match.span(), {"sign": match.group()})
