"""Where a rule's file lies: few folders, one a large family of products."""

import re
from pathlib import PurePosixPath
from typing import Final

from triage.articles.names import ProductNames
from triage.model.rule import Rule

OTHER: Final = "other"

FOLDERS: Final = frozenset(
    """exchange-server internet-information-server sna-server systems-management-server visual-basic visual-cpp
    visual-foxpro windows windows-2000 windows-95 windows-98 windows-for-workgroups windows-nt windows-xp
    word""".split()
)
"""Families with a folder of their own; the articles of all others lie together."""


def rule_path(rule: Rule, products: ProductNames) -> PurePosixPath:
    """`windows-nt/Q100999.yaml`: by the family of the first known product, "other" where it is small."""
    for applies in rule.applies_to:
        found = products.get(applies.product)
        if found is not None:
            folder = slug(found.family or found.product)
            return PurePosixPath(folder if folder in FOLDERS else OTHER, f"{rule.id}.yaml")
    return PurePosixPath(OTHER, f"{rule.id}.yaml")


def slug(name: str) -> str:
    """A name as a folder: lower case, words joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower().replace("+", "p")).strip("-") or OTHER
