"""Signatures and time stamps of OpenSSL over one file: CMS (p7s) and RFC 3161 (tsr). Without a certificate: 未签名.

The openssl program does the work, so that everybody can check with the same program and without us.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from formgen import write
from formgen.bag import digests
from formgen.messages import FormgenError
from formgen.model import Finding, Place

if TYPE_CHECKING:
    from formgen.keep.properties import Outcome

BATCH = "batch-manifest-sha256.txt"
UNSIGNED = "未签名"
EARLIER = "earlier"
SIGNED, ASKED, STAMPED = ".p7s", ".tsq", ".tsr"


def signed(content: bytes, *, certificate: Path, key: Path, chain: Path | None = None) -> dict[str, bytes]:
    """A detached CMS signature of some bytes, and a request that a time-stamp authority can answer, by file ending.

    All is made beside and nothing is left of it. Raises FormgenError when openssl is absent or refuses.
    """
    extra = ["-certfile", str(chain)] if chain else []
    with TemporaryDirectory() as beside:
        given, p7s, tsq = (str(Path(beside) / name) for name in ("given", "p7s", "tsq"))
        Path(given).write_bytes(content)
        signer = ("-signer", str(certificate), "-inkey", str(key), *extra)
        _must(
            ["cms", "-sign", "-binary", "-in", given, *signer, "-md", "sha256", "-outform", "DER", "-out", p7s], "E772"
        )
        _must(["ts", "-query", "-data", given, "-sha512", "-no_nonce", "-cert", "-out", tsq], "E773")
        return {SIGNED: Path(p7s).read_bytes(), ASKED: Path(tsq).read_bytes()}


def set_aside(path: Path) -> Path:
    """Keep a file that will be written anew, with its signature and time stamp, under its digest; where it is now.

    What was signed, printed and stamped stays provable, though another list stands in its place. Raises FormgenError.
    """
    content = path.read_bytes()
    kept = path.parent / EARLIER / f"{digests.of_bytes(content, ('sha256',))[0][:16]}-{path.name}"
    write.put(kept, content)
    for ending in (SIGNED, ASKED, STAMPED):
        if (proof := path.with_name(f"{path.name}{ending}")).exists():
            proof.replace(kept.with_name(f"{kept.name}{ending}"))
    return kept


def earlier(path: Path) -> tuple[Path, ...]:
    """The files that stood in the place of `path` before and were set aside, by name."""
    return tuple(sorted((path.parent / EARLIER).glob(f"*-{path.name}")))


def is_earlier(path: Path) -> bool:
    """Whether a file that was set aside is still the one it is named after. Raises OSError."""
    return path.name.startswith(f"{digests.of_file(path, ('sha256',))[0][:16]}-")


def findings(path: Path, folder: Path, ca: Path | None) -> tuple[Finding, ...]:
    """What is wrong with the signature and the time stamp of a file; none where there are none to check."""
    found = []
    signed, stamped = folder / f"{path.name}{SIGNED}", folder / f"{path.name}{STAMPED}"
    if signed.exists():
        found += _judged(signed, _signature_fault(path, signed, ca), ca)
    if stamped.exists():
        found += _judged(stamped, _stamp_fault(path, stamped, ca), ca)
    return tuple(found)


def outcome(path: Path, folder: Path, ca: Path | None) -> Outcome:
    """The signature of a file as an item of the four-property check."""
    from formgen.keep.properties import failed, passed, untested  # only here: verifying bags needs no XML

    if not (folder / f"{path.name}{SIGNED}").exists():
        return untested(f"{UNSIGNED}：没有单位证书，以打印在目录和移交单上的摘要为准")
    wrong = [finding for finding in findings(path, folder, ca) if finding.is_error]
    if wrong:
        return failed("签名或时间戳与文件不符")
    stamped = "，有时间戳" if (folder / f"{path.name}{STAMPED}").exists() else "，无时间戳"
    return passed(f"签名有效{stamped}") if ca else passed(f"签名与文件相符{stamped}；未提供根证书，签名人身份未核对")


def _judged(path: Path, fault: str, ca: Path | None) -> list[Finding]:
    if fault == "openssl":
        return [Finding("W732", Place(path.name))]
    if fault:
        return [Finding("E738", Place(path.name))]
    return [] if ca else [Finding("W731", Place(path.name))]


def _signature_fault(path: Path, signed: Path, ca: Path | None) -> str:
    trust = ["-CAfile", str(ca), "-purpose", "any"] if ca else ["-noverify"]
    return _run(
        [
            *("cms", "-verify", "-binary", "-in", str(signed), "-inform", "DER", "-content", str(path), *trust),
            *("-out", os.devnull),
        ]
    )


def _stamp_fault(path: Path, stamped: Path, ca: Path | None) -> str:
    if ca is None:
        return _run(["ts", "-reply", "-in", str(stamped), "-text"])
    return _run(["ts", "-verify", "-data", str(path), "-in", str(stamped), "-CAfile", str(ca)])


def _run(arguments: list[str]) -> str:
    """Nothing when openssl says yes, its last line when it says no, ``openssl`` when there is none here."""
    program = shutil.which("openssl")
    if not program:
        return "openssl"
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["?"])[-1]


def _must(arguments: list[str], failure: str) -> None:
    fault = _run(arguments)
    if fault == "openssl":
        raise FormgenError(Finding("E774"))
    if fault:
        raise FormgenError(Finding(failure))
