"""Articles in the archive's layout, in words of our own."""

from functools import cache
from pathlib import Path

from triage.articles import read_article, rule_of
from triage.knowledge.loader import load_products
from triage.knowledge.products import Products
from triage.model.rule import Rule

ROOT = Path(__file__).parents[2]
RULER = "-" * 79
ORDER = ("SUMMARY", "SYMPTOMS", "CAUSE", "RESOLUTION", "WORKAROUND", "STATUS", "MORE INFORMATION", "REFERENCES")


@cache
def products() -> Products:
    """The project's own products."""
    return Products(load_products(ROOT / "rules" / "products"))


def article(
    sections: dict[str, str] | str,
    *,
    identity: str = "Q900123",
    title: str = "Ledger Service Stops on Friday",
    applies: tuple[str, ...] = ("Microsoft Windows NT Server version 4.0 ",),
    keywords: str = "",
    modified: str = "08-MAY-2002",
    query: str | None = "prodledger friday",
) -> bytes:
    """The bytes of one article. `sections` maps headings to text, or is the text of an article without headings."""
    rows = [
        f"Article: {identity}",
        "Product(s): Microsoft Windows NT",
        "Version(s): winnt:4.0",
        "Operating System(s): ",
        f"Keyword(s): {keywords}",
        f"Last Modified: {modified}",
        "",
    ]
    if applies:
        rows += [
            RULER,
            "The information in this article applies to:",
            "",
            *(f"- {line}" for line in applies),
            RULER,
            "",
        ]
    if isinstance(sections, str):
        rows += sections.strip("\n").split("\n")
    else:
        for heading, text in sections.items():
            rows += [heading, "=" * len(heading), "", *text.strip("\n").split("\n"), "", ""]
    if query is not None:
        rows += ["", f"Additional query words: {query}", "", "=" * 70, f"Keywords          : {keywords} "]
        rows += ["Technology        : kbWinNTsearch", "Solution Type     : kbfix", "", "=" * 77, ""]
    shown = title.replace('"', "&quot;")
    head = f'---\nlayout: page\ntitle: "{identity}: {shown}"\n---\n\n## {identity}: {shown}\n\n'
    body = "\n".join(f"\t{row}" for row in rows)
    return f"{head}{{% raw %}}\n\n{body}\n\n{{% endraw %}}\n".encode()


def rule(sections: dict[str, str] | str, **kwargs: object) -> Rule:
    """The rule that is made of such an article."""
    return rule_of(read_article(article(sections, **kwargs)), products())  # type: ignore[arg-type]  # passed through
