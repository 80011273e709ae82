"""Making bags: a dossier becomes one plain BagIt 1.0 bag, whole and proven, or nothing at all.

A bag is made under a temporary name, validated, and renamed. The same dossier gives the same bytes: the day of
withdrawal stands for the clock. After sealing nothing inside changes; what comes later is a supplement.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

from formgen import bag, write
from formgen.bag import digests
from formgen.keep import checks, eep, items, metadata, proof, slips
from formgen.keep.chain import canonical
from formgen.keep.dossier import Dossier
from formgen.keep.items import Item
from formgen.keep.policy import Policy
from formgen.keep.retention import retention
from formgen.messages import FormgenError
from formgen.model import Finding, Place

MAX_FILE = 4 * 2**30 - 1  # FAT32
MAX_PATH = 180  # Windows, with room for the folder the bag lies in
_ODD = re.compile(r"[^A-Za-z0-9._-]")


@dataclass(frozen=True, slots=True)
class Built:
    """A bag that was made: where, its digest (sha256 of tagmanifest-sha512.txt), items, pages, findings."""

    folder: Path
    digest: str
    items: int
    pages: int | None
    findings: tuple[Finding, ...] = ()


def build(target: Path, dossier: Dossier, number: str, policy: Policy, own: Mapping[str, bytes] | None = None) -> Built:
    """Make the bag of a dossier at `target`, which must not exist; ``number`` is empty for a working bag.

    ``own`` are its slips by file name (cover.docx, cover.pdf …) where they were drawn before; else they are drawn here.
    Raises FormgenError when the disk refuses or the new bag does not validate; then nothing is left.
    """
    temp = target.with_name(f"{write.TEMP}{target.name}")
    shutil.rmtree(temp, ignore_errors=True)
    write.make_folder(target.parent)
    try:
        built = _filled(temp, dossier, number, policy, own or drawn_slips(dossier, number, policy))
        verdict = bag.validate(temp)
        if not verdict.is_valid:
            raise FormgenError(Finding("E794", Place(target.name)))
        temp.rename(target)
        write.sync_folder(target.parent)
    except OSError as fault:
        raise write.trouble(fault, target) from fault
    finally:
        shutil.rmtree(temp, ignore_errors=True)
    return Built(target, built, len(dossier.papers), _pages(dossier), verdict.findings)


def refusals(dossier: Dossier) -> tuple[Finding, ...]:
    """Why a dossier cannot become a bag: files that are links, too large, bags themselves, or have unsafe names."""
    found = []
    for paper in dossier.papers:
        for file in paper.files:
            name = file.origin or file.name
            if isinstance(file.content, Path) and file.content.is_symlink():
                found.append(Finding("E713", Place(name), {}, dossier.case_no))
            elif isinstance(file.content, Path) and file.content.stat().st_size > MAX_FILE:
                found.append(Finding("E721", Place(name), {}, dossier.case_no))
            elif file.origin == "bagit.txt":
                found.append(Finding("E722", Place(name), {}, dossier.case_no))
            elif _ODD.search(file.name) or len(file.name) > MAX_PATH // 3:
                found.append(Finding("E723", Place(name), {}, dossier.case_no))
    return tuple(found)


def working_name(case_no: str) -> str:
    """The folder of a working bag: the case number where it is ASCII, else a digest of it."""
    return case_no if not _ODD.search(case_no) else f"case-{hashlib.sha256(case_no.encode()).hexdigest()[:12]}"


def changed_papers(old: Path, dossier: Dossier) -> Dossier:
    """The dossier with only those papers that hold a file whose content the sealed bag does not have."""
    held = set(proof.digests_of(old).values())
    fresh = tuple(
        paper
        for paper in dossier.papers
        if any(_content_digest(file.content) not in held for file in paper.files if not file.name.startswith("archive"))
    )
    return replace(dossier, papers=fresh)


def drawn_slips(dossier: Dossier, number: str, policy: Policy) -> dict[str, bytes]:
    """The slips of a bag by file name, so that those of many can be converted together before they are built."""
    drawn = slips.of_dossier(dossier, number, items.numbered(dossier, number or dossier.case_no, policy), policy)
    return {f"{name}.docx": content for name, content in drawn.items()}


def _content_digest(content: bytes | Path) -> str:
    return (
        digests.of_file(content, ("sha256",))[0] if isinstance(content, Path) else hashlib.sha256(content).hexdigest()
    )


def _pages(dossier: Dossier) -> int | None:
    counted = [paper.pages for paper in dossier.papers]
    return sum(filter(None, counted)) if None not in counted else None


def _filled(temp: Path, dossier: Dossier, number: str, policy: Policy, own: Mapping[str, bytes]) -> str:
    """Write payload, metadata and manifests into `temp`; the digest of the new bag."""
    listed = items.numbered(dossier, number or dossier.case_no, policy)
    slips_of = {f"catalog/{name}": content for name, content in own.items()}
    known = bag.fill(temp, {**_payload(dossier, number, listed, policy), **slips_of})
    stated = metadata.facts(dossier, number, retention(dossier.withdrawn_on, policy.years), policy)
    electronic = {path.removeprefix("data/"): (size, found[0]) for path, (found, size) in known.items()}
    tags = bag.add_tags(temp, _metadata(dossier, number, listed, electronic, stated, policy))
    if sm3 := _sm3(temp, known):
        tags |= bag.add_tags(temp, sm3)
    report = checks.run(checks.Subject(temp, policy, dossier, is_closed=False), stage="归档")
    tags |= bag.add_tags(temp, {"metadata/fourchecks.json": checks.report_text(report)})
    kept = retention(dossier.withdrawn_on, policy.years)
    octets = sum(size for _, size in known.values())
    bag.close(
        temp, {p: found for p, (found, _) in known.items()}, octets, metadata.info(dossier, number, kept, policy), tags
    )
    return proof.digest(temp)


def _payload(dossier: Dossier, number: str, listed: tuple[Item, ...], policy: Policy) -> dict[str, bytes | Path]:
    made: dict[str, bytes | Path] = {item.path(file): file.content for item in listed for file in item.paper.files}
    made["export/case.json"] = canonical(dossier.case) + b"\n"
    if dossier.decision is not None:
        made["export/decision.json"] = canonical(dossier.decision) + b"\n"
    made |= items.tables(listed, number or dossier.case_no, policy, dossier.withdrawn_on)
    return made


def _metadata(
    dossier: Dossier,
    number: str,
    listed: tuple[Item, ...],
    electronic: eep.Electronic,
    stated: Mapping[str, str],
    policy: Policy,
) -> dict[str, bytes]:
    done = metadata.events(dossier, number, listed)
    return {
        "metadata/dossier.xml": eep.dossier_xml(dossier, number, listed, electronic, done, stated, policy),
        "metadata/retention.json": metadata.retention_json(stated),
        "metadata/retention.xml": eep.retention_xml(stated),
        "metadata/concordance.csv": metadata.concordance(listed, dossier, policy),
        "metadata/premis-events.jsonl": metadata.events_text(done),
        metadata.PROFILE: (files("formgen") / "data" / "bagit-profile.json").read_bytes(),
        "schemas/eep.xsd": eep.schema_text(),
    }


def _sm3(temp: Path, known: Mapping[str, object]) -> dict[str, bytes]:
    """The list of SM3 digests (GB/T 32905), where this OpenSSL has the algorithm; BagIt tools do not read it."""
    if not digests.known("sm3"):
        return {}
    measured = digests.of_files(temp, sorted(known), ("sm3",))
    lines = [f"{found[0]}  {path}\n" for path, found in measured if not isinstance(found, OSError)]
    return {proof.SM3: "".join(lines).encode("utf-8")}
