"""Compile rules/ into triage/knowledge/builtin.pack: a hook of the wheel's build, and a script for the source tree.

The wheel carries the pack and not the rules, so that no YAML is read at run time. `python build_knowledge.py` does the
same for a checkout after a rule has changed.
"""

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
PACK = ROOT / "triage" / "knowledge" / "builtin.pack"


def build() -> int:
    """Write the pack; how many rules it holds. Raises RuleError with every fault of the rules."""
    sys.path.insert(0, str(ROOT))
    try:
        from triage.knowledge.build import build_pack
        from triage.knowledge.loader import (
            load_codes,
            load_frame_names,
            load_products,
            load_rules,
            load_synonyms,
            load_weights,
        )

        rules = ROOT / "rules"
        return build_pack(
            load_rules(rules / "articles", rules / "handwritten"),
            load_products(rules / "products"),
            load_codes(rules / "codes"),
            load_weights(rules / "weights"),
            PACK,
            frames=load_frame_names(rules / "signatures.yaml"),
            synonyms=load_synonyms(rules / "synonyms.yaml"),
        )
    finally:
        sys.path.remove(str(ROOT))


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run as a script, where hatchling need not be there
    pass
else:

    class KnowledgeBuildHook(BuildHookInterface[Any]):
        def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
            self.app.display_info(f"{build()} rules in {PACK.name}")


if __name__ == "__main__":
    print(f"{build()} rules in {PACK.relative_to(ROOT)}")
