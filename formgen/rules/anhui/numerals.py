"""Amounts as they are printed: exact where the decimal ends, else rounded, never so as to contradict the verdict."""

from __future__ import annotations

from functools import lru_cache
from math import gcd

from formgen.household import Fen

FEN = 100
_POWERS = tuple(10**places for places in range(40))


def yuan(fen: Fen) -> str:
    """An amount in yuan without needless zeros: 6232000 → 62320, 6232050 → 62320.5."""
    whole, rest = divmod(abs(fen), FEN)
    text = f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)
    return f"-{text}" if fen < 0 else text


def exact(total: Fen, divisor: int) -> str:
    """A month's yuan a head, exact: a plain decimal when it ends, else the year's total in yuan over the divisor."""
    return decimal(total, FEN * divisor) or f"{yuan(total)}/{divisor}"


def decimal(top: int, bottom: int) -> str:
    """The quotient as a plain decimal, empty when the decimal does not end."""
    if top % bottom == 0:
        return str(top // bottom)
    common = gcd(top, bottom)
    top, bottom = top // common, bottom // common
    places = _places(bottom)
    return _fixed(top * 10**places // bottom, places) if places else ""


@lru_cache(maxsize=4096)
def _places(bottom: int) -> int:
    """How many decimals a reduced fraction over ``bottom`` has; 0 when they do not end."""
    twos = fives = 0
    while bottom % 2 == 0:
        bottom, twos = bottom // 2, twos + 1
    while bottom % 5 == 0:
        bottom, fives = bottom // 5, fives + 1
    return max(twos, fives) if bottom == 1 else 0


def rounded(top: int, bottom: int, places: int = 2) -> str:
    """The quotient half up to so many places, zeros kept; halves go away from zero."""
    scaled = (2 * abs(top) * _POWERS[places] + bottom) // (2 * bottom)
    return _fixed(scaled if top >= 0 else -scaled, places)


def telling(top: int, bottom: int, limit_top: int, limit_bottom: int) -> str:
    """The quotient beside a limit: exact, or to 0.01, or longer when rounding would move it onto or over the limit."""
    text, cents = _printed(top, bottom)
    side = _side(top, bottom, limit_top, limit_bottom)
    if cents is None or _side(cents, 100, limit_top, limit_bottom) == side:
        return text
    places = 3
    while True:
        scaled = (2 * abs(top) * 10**places + bottom) // (2 * bottom) * (1 if top >= 0 else -1)
        if _side(scaled, 10**places, limit_top, limit_bottom) == side:
            return _fixed(scaled, places)
        places += 1


@lru_cache(maxsize=64)
def _printed(top: int, bottom: int) -> tuple[str, int | None]:
    """The quotient exact with None, or to 0.01 with its hundredths; a decision prints the same one many times."""
    plain = decimal(top, bottom)
    if plain:
        return plain, None
    cents = (200 * abs(top) + bottom) // (2 * bottom) * (1 if top >= 0 else -1)
    return _fixed(cents, 2), cents


def difference(top: int, bottom: int) -> str:
    """A margin to 0.01, longer when it would read as nothing though it is something."""
    if 2 * abs(top) * 100 >= bottom or not top:
        return rounded(top, bottom)
    places = 2
    while 2 * abs(top) * 10**places < bottom:
        places += 1
    return rounded(top, bottom, places)


def _side(top: int, bottom: int, limit_top: int, limit_bottom: int) -> int:
    """On which side of the limit the quotient is: -1 below, 0 on it, 1 above."""
    left, right = top * limit_bottom, limit_top * bottom
    return (left > right) - (left < right)


def _fixed(scaled: int, places: int) -> str:
    if scaled < 0:
        return "-" + _fixed(-scaled, places)
    if places == 2:
        return f"{scaled // 100}.{scaled % 100:02d}"
    whole, rest = divmod(scaled, 10**places)
    return f"{whole}.{rest:0{places}d}" if places else str(whole)
