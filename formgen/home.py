"""The user's own data folder: what he adds to the program survives its next version."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def folder() -> Path:
    """The folder named by FORMGEN_HOME, else the usual place of the platform; it need not exist yet."""
    if own := os.environ.get("FORMGEN_HOME"):
        return Path(own)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "formgen"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "formgen"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "formgen"
