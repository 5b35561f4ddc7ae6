"""Where a rule's file lies: few folders, one a family of products."""

import re
from pathlib import PurePosixPath
from typing import Final

from triage.articles.names import ProductNames
from triage.model.rule import Rule

OTHER: Final = "other"


def rule_path(rule: Rule, products: ProductNames) -> PurePosixPath:
    """`windows-nt/Q100999.yaml`: the family of the first known product; "other" for products without a file."""
    for applies in rule.applies_to:
        found = products.get(applies.product)
        if found is not None:
            return PurePosixPath(slug(found.family or found.product), f"{rule.id}.yaml")
    return PurePosixPath(OTHER, f"{rule.id}.yaml")


def slug(name: str) -> str:
    """A name as a folder: lower case, words joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower().replace("+", "p")).strip("-") or OTHER
