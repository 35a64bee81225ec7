"""Fixtures that every part of the tree may use."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """The folder of captures and labelled texts that lies beside the repository on some machines; skips elsewhere."""
    folder = Path(os.environ.get("UNDERCUT_SHARED", REPOSITORY.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"no captures at {folder}")
    return folder
