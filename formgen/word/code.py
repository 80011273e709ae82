"""The shape of a part as one flat Python function that returns the pieces of its bytes.

Two functions are made of each part. The fast one takes values that are already bytes; the careful one asks ``show`` at
every printed place (for tabs, line breaks, rich text) and ``take`` at every branch and loop (so that a trial can force
them). Names of the template appear in the code as literals only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType

from jinja2 import nodes

from formgen.word import expressions as plain
from formgen.word import filters
from formgen.word.fallback import label
from formgen.word.shape import Block, Choice, Loop, Number, Place
from formgen.word.source import NotCompilable
from formgen.word.values import escape

FEW = 3  # values less than this are made one by one
DEEPEST = 15  # Python allows twenty blocks inside one another
_FAST = "def part(k, miss, show, take, unfit, nth):\n e = k.row\n g = k.raw.get\n p = []\n"


def compiled(block: Block, *, careful: bool) -> Callable[..., list[bytes]]:
    """The function of a part: (record, miss, show, take, unfit, nth) → pieces. Raises NotCompilable."""
    writer = _Writer(careful)
    writer.block(block)
    writer.flush()
    source = _FAST + writer.preparation("e", 0, " ") + "\n".join(writer.lines) + "\n return p\n"
    code: CodeType = compile(source, "<word template>", "exec")
    names = dict(plain.names())
    exec(code, names)  # our own code: everything of the template stands in it as a literal
    return names["part"]


class _Writer:
    """Writes lines of code; ``pending`` are the pieces of the next line."""

    def __init__(self, careful: bool) -> None:
        self.careful = careful
        self.lines: list[str] = []
        self.pending: list[str] = []
        self.scope = plain.Scope()
        self.depth = 1
        self.count = 0
        self.asked: dict[int, dict[str, None]] = {}

    def block(self, block: Block) -> None:
        """Write the pieces of a block."""
        for piece in block:
            if isinstance(piece, bytes):
                self.pending.append(repr(piece))
            elif isinstance(piece, Place):
                self.pending.append(self._place(piece))
            elif isinstance(piece, Number):
                self.pending.append("nth()")
            elif isinstance(piece, Choice):
                self._choice(piece)
            else:
                self._loop(piece)

    def preparation(self, row: str, number: int, indent: str) -> str:
        """The line that makes the values printed of a row at once; 0 is the record, else the number of a loop."""
        asked = tuple(self.asked.get(number, ()))
        return f"{indent}prepare({row}, {asked!r})\n" if len(asked) >= FEW else ""

    def flush(self) -> None:
        """Write what is pending as one line."""
        if self.pending:
            self.line(f"p += ({', '.join(self.pending)},)")
            self.pending.clear()

    def line(self, text: str) -> None:
        """Write a line at the present depth."""
        if self.depth > DEEPEST:
            raise NotCompilable("W459")
        self.lines.append(" " * self.depth + text)

    @contextmanager
    def _deeper(self, head: str) -> Iterator[None]:
        self.flush()
        self.line(head)
        self.depth += 1
        before = len(self.lines)
        yield
        self.flush()
        if len(self.lines) == before:
            self.line("pass")
        self.depth -= 1

    def _place(self, place: Place) -> str:
        return self._printed(place.node, place)

    def _printed(self, node: nodes.Node, place: Place) -> str:
        """The code of the bytes that an expression prints at a place."""
        if isinstance(node, nodes.CondExpr):
            other = self._printed(node.expr2, place) if node.expr2 is not None else "b''"
            return f"({self._printed(node.expr1, place)} if {plain.test(node.test, self.scope)} else {other})"
        if isinstance(node, nodes.Const):
            return repr(escape(filters.text(node.value)).encode())
        if place.in_tag or self.careful:
            return f"show({place.number}, {plain.value(node, self.scope)}, {plain.root(node, self.scope)!r}, k)"
        made = self._bytes(node)
        return f"({made} or miss({place.number}))" if label(node) else made

    def _bytes(self, node: nodes.Node) -> str:
        if isinstance(node, nodes.Name):
            number = self.scope.number(node.name)
            if number is not None:
                return f"only(e{number})"
            self.asked.setdefault(0, {})[node.name] = None
            return f"e[{node.name!r}]"
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and node.node.name != "loop":
            number = self.scope.number(node.node.name)
            row = f"k.inner({node.node.name!r})" if number is None else f"e{number}"
            self.asked.setdefault(-1 if number is None else number, {})[node.attr] = None
            return f"{row}[{node.attr!r}]"
        return f"k.printed({plain.value(node, self.scope)}, {plain.root(node, self.scope)!r})"

    def _choice(self, choice: Choice) -> None:
        tests = [plain.test(node, self.scope) for node in choice.tests]
        bodies = (*choice.bodies, choice.otherwise)
        if not self.careful and all(_is_fixed(body) for body in bodies):
            made = repr(_fixed(choice.otherwise))
            for test, body in zip(reversed(tests), reversed(choice.bodies), strict=True):
                made = f"({_fixed(body)!r} if {test} else {made})"
            self.pending.append(made)
            return
        for at, (test, body) in enumerate(zip(tests, choice.bodies, strict=True)):
            asked = f"take({choice.number}, {at}, {test})" if self.careful else test
            with self._deeper(f"{'elif' if at else 'if'} {asked}:"):
                self.block(body)
        if choice.otherwise:
            with self._deeper("else:"):
                self.block(choice.otherwise)

    def _loop(self, loop: Loop) -> None:
        self.flush()
        self.count += 1
        n = self.count
        name = loop.node.target.name  # type: ignore[attr-defined]
        self.line(f"x{n} = {self._items(loop.node)}")
        outer, self.scope = self.scope, self.scope.inside(name, n, plain.root(loop.node.iter, self.scope))
        if loop.node.test is not None:
            self.line(f"x{n} = [(r{n}, e{n}) for r{n}, e{n} in x{n} if {plain.test(loop.node.test, self.scope)}]")
        if self.careful:
            self.line(f"x{n} = take({loop.number}, -1, x{n})")
        self.line(f"n{n} = len(x{n})")
        with self._deeper(f"for i{n}, (r{n}, e{n}) in enumerate(x{n}):"):
            if plain.uses_fields(loop.node, name):
                self.line(f"e{n} = row(e{n}, k)")
            at = len(self.lines)
            self.block(loop.body)
            self.flush()
            if ready := self.preparation(f"e{n}", n, " " * self.depth):
                self.lines.insert(at, ready.rstrip())
        self.scope = outer
        if loop.otherwise:
            with self._deeper(f"if not x{n}:"):
                self.block(loop.otherwise)

    def _items(self, node: nodes.For) -> str:
        if isinstance(node.iter, nodes.Name) and self.scope.number(node.iter.name) is None:
            return f"k.each({node.iter.name!r})"
        return f"k.pairs({plain.value(node.iter, self.scope)}, {plain.root(node.iter, self.scope)!r})"


def _is_fixed(block: Block) -> bool:
    return all(isinstance(piece, bytes) for piece in block)


def _fixed(block: Block) -> bytes:
    return b"".join(piece for piece in block if isinstance(piece, bytes))
