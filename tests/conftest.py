"""What tests of several folders share."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from triage.knowledge.pack import Pack

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def builtin_knowledge() -> "Pack":
    """The project's own knowledge, compiled again where a rule is newer than the pack."""
    import runpy

    from triage.api import load_knowledge

    pack = ROOT / "triage" / "knowledge" / "builtin.pack"
    rules = (path.stat().st_mtime for path in (ROOT / "rules").rglob("*.yaml"))
    if not pack.is_file() or max(rules, default=0.0) > pack.stat().st_mtime:
        runpy.run_path(str(ROOT / "build_knowledge.py"))["build"]()
    return load_knowledge()
