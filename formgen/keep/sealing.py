"""The outer layer for copies that leave the building: a deterministic tar of a bag, encrypted with age.

Each year has its own key, itself encrypted to at least two recipients (keeper, deputy, superior union): one lost key
loses nothing, and destroying a year's key destroys every copy of that year. The bag inside stays plain BagIt.
"""

from __future__ import annotations

import io
import re
import shutil
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from formgen import bag, write
from formgen.bag import digests
from formgen.keep import proof
from formgen.keep.repository import Repository
from formgen.messages import FormgenError, MaterialError
from formgen.model import Finding, Place

LEAST = 2
LIST, ENDING = "sealed-sha256.txt", ".tar.age"
COPIED = "加密副本"  # in the custody log
_RECIPIENT = re.compile(r"\bage1[0-9a-z]{58}\b")
_SECRET = "AGE-SECRET-KEY-"


@dataclass(frozen=True, slots=True)
class Sealed:
    """One encrypted copy: its file, its digest and that of the plain bag inside."""

    path: Path
    digest: str
    plain: str


def recipients(given: Sequence[str]) -> tuple[str, ...]:
    """The public keys that options name: a key itself, or a file with a key a line. Raises FormgenError below two."""
    found: list[str] = []
    for text in given:
        listed = _listed(text)
        if _SECRET in listed.upper():
            raise MaterialError(Finding("E929"))
        keys_here = _RECIPIENT.findall(listed)
        if not keys_here:
            raise MaterialError(Finding("E775"))
        found += keys_here
    keys = tuple(dict.fromkeys(found))
    if len(keys) < LEAST:
        raise MaterialError(Finding("E776", values={"least": str(LEAST)}))
    _understood(keys)
    return keys


def _listed(text: str) -> str:
    """What a file of that name says, whatever its bytes; the text itself where it names no file that can be read."""
    try:
        is_file = not _RECIPIENT.fullmatch(text) and Path(text).is_file()
        return Path(text).read_text(encoding="utf-8", errors="replace") if is_file else text
    except OSError:
        return text


def _understood(keys: Sequence[str]) -> list[object]:
    """The keys as recipients of age. Raises FormgenError for one that only looks like a key."""
    pyrage = _pyrage()
    try:
        return [pyrage.x25519.Recipient.from_str(key) for key in keys]
    except pyrage.RecipientError as wrong:
        raise MaterialError(Finding("E775")) from wrong


def year_key(repo: Repository, year: int, keys: Sequence[str]) -> str:
    """The public key of a year, made and wrapped for the recipients when there is none yet.

    Raises FormgenError when the year's key was wrapped for others, who, and not these, could open the copies; and when
    it is lost: under a new one the copies that are there already could never be opened again.
    """
    if lost := key_faults(repo, year):
        raise FormgenError(*lost)
    public, _, told = _key_paths(repo, year)
    if not public.exists():
        return _new_key(repo, year, keys)
    if set(told.read_text(encoding="utf-8", errors="replace").split()) != set(keys):
        raise MaterialError(Finding("E777", values={"year": str(year)}))
    return public.read_text(encoding="utf-8", errors="replace").strip()


def _new_key(repo: Repository, year: int, keys: Sequence[str]) -> str:
    pyrage = _pyrage()
    public, wrapped, told = _key_paths(repo, year)
    identity = pyrage.x25519.Identity.generate()
    write.make_folder(public.parent)
    write.put(wrapped, pyrage.encrypt(str(identity).encode(), _understood(keys)))
    write.put(public, f"{identity.to_public()}\n".encode())
    write.put(told, "".join(f"{key}\n" for key in keys).encode())
    return str(identity.to_public())


def key_faults(repo: Repository, year: int) -> tuple[Finding, ...]:
    """Whether the key of a year is not whole though a part of it, or a copy that it opens, is there."""
    paths = _key_paths(repo, year)
    lost = [path.name for path in paths if not path.exists()]
    if not lost or (len(lost) == len(paths) and not copies(repo, year)):
        return ()
    return (Finding("E944", Place("_register/keys"), {"year": str(year), "files": "、".join(lost)}),)


def copies(repo: Repository, year: int) -> tuple[Path, ...]:
    """The encrypted copies of a year that lie in the repository, by name."""
    return tuple(sorted(repo.sealed(year).glob(f"*{ENDING}")))


def has_key(repo: Repository, year: int) -> bool:
    """Whether the key of a year is still there."""
    return _key_paths(repo, year)[1].exists()


def destroy_key(repo: Repository, year: int) -> bool:
    """Remove the key of a year; whether there was one. Copies of that year cannot be opened any more."""
    paths = _key_paths(repo, year)
    was = has_key(repo, year)
    for path in paths:
        write.remove(path)
    return was


def seal(repo: Repository, year: int, folder: Path, public: str) -> Sealed:
    """Encrypt one bag to the key of its year. Raises FormgenError."""
    pyrage = _pyrage()
    target = repo.sealed(year) / f"{folder.name}{ENDING}"
    write.make_folder(target.parent)
    content = pyrage.encrypt(tar(folder), [pyrage.x25519.Recipient.from_str(public)])
    write.put(target, content)
    return Sealed(target, digests.of_bytes(content, ("sha256",))[0], proof.digest(folder))


def list_copies(repo: Repository, year: int) -> None:
    """Write the digests of all encrypted copies of a year, for ``sha256sum -c``."""
    lines = [f"{digests.of_file(path, ('sha256',))[0]}  {path.name}\n" for path in copies(repo, year)]
    write.put(repo.sealed(year) / LIST, "".join(lines).encode())


def log_entry(sealed: Sealed, number: str, at: str) -> dict[str, object]:
    """What the custody log says of a copy: both digests, so that the inside can be proven after opening."""
    return {"at": at, "event": COPIED, "档号": number, "副本摘要": sealed.digest, "包摘要": sealed.plain}


def open_copy(repo: Repository, year: int, path: Path, identity: Path, target: Path) -> Path:
    """Open an encrypted copy into `target` with the private key of one recipient; the bag's folder, validated.

    Raises FormgenError for a wrong key, a damaged copy, or a bag that does not validate.
    """
    pyrage = _pyrage()
    try:
        own = pyrage.x25519.Identity.from_str(_secret(identity))
        of_year = pyrage.decrypt(_key_paths(repo, year)[1].read_bytes(), [own]).decode()
        plain = pyrage.decrypt(path.read_bytes(), [pyrage.x25519.Identity.from_str(of_year)])
    except (pyrage.DecryptError, pyrage.IdentityError) as wrong:
        raise MaterialError(Finding("E778", Place(path.name))) from wrong
    except FileNotFoundError as lost:
        raise FormgenError(Finding("E779", Place(path.name), {"year": str(year)})) from lost
    untar(plain, target)
    opened = target / path.name.removesuffix(ENDING)
    if not bag.validate(opened).is_valid:
        shutil.rmtree(opened, ignore_errors=True)
        raise MaterialError(Finding("E780", Place(path.name)))
    return opened


def tar(folder: Path) -> bytes:
    """A bag as a tar whose bytes depend on its content only: sorted, time 0, owner 0."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT) as made:
        for path in sorted(bag.listing(folder).files):
            content = (folder / path).read_bytes()
            entry = tarfile.TarInfo(f"{folder.name}/{path}")
            entry.size, entry.mode = len(content), 0o600
            made.addfile(entry, io.BytesIO(content))
    return target.getvalue()


def untar(content: bytes, target: Path) -> None:
    """Unpack a tar of ours: ordinary files below `target` only. Raises FormgenError for anything else."""
    with tarfile.open(fileobj=io.BytesIO(content)) as packed:
        for entry in packed:
            path = target / entry.name
            if not entry.isreg() or ".." in Path(entry.name).parts or Path(entry.name).is_absolute():
                raise MaterialError(Finding("E781"))
            write.make_folder(path.parent)
            held = packed.extractfile(entry)
            write.put(path, held.read() if held else b"")


def _secret(identity: Path) -> str:
    lines = identity.read_text(encoding="utf-8", errors="replace").split()
    return next((line for line in lines if line.startswith(_SECRET)), "")


def _key_paths(repo: Repository, year: int) -> tuple[Path, Path, Path]:
    """The public key of a year, the private one wrapped for the recipients, and who these are."""
    folder = repo.register / "keys"
    return folder / f"{year}.pub", folder / f"{year}.key.age", folder / f"{year}.recipients"


def _pyrage():
    try:
        import pyrage
    except ImportError as absent:
        raise FormgenError(Finding("E782")) from absent
    return pyrage
