"""An archive repository that a command is going to write: one command at a time."""

from __future__ import annotations

from pathlib import Path

import click

from formgen import write
from formgen.batch import lock
from formgen.keep import repository
from formgen.keep.repository import Repository

LOCK = ".writing"


def opened(root: Path) -> Repository:
    """The repository at `root`, this command's alone until it ends.

    A command reads the register when it begins and writes it when it ends: two at once would undo each other's work.
    Raises FormgenError when there is no repository, or when another command is writing it.
    """
    return taken(repository.opened(root))


def taken(repo: Repository) -> Repository:
    """The same of a repository that need not be there yet."""
    for folder in (repo.root, repo.register):
        write.make_folder(folder)
    click.get_current_context().with_resource(lock.locked(repo.register / LOCK))
    return repo
