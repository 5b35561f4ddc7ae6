"""`triage rules`."""

from pathlib import Path

import click
import msgspec

from triage import api, kb
from triage.cli.complain import complain
from triage.cli.group import LazyGroup
from triage.cli.options import PATH, format_option, jobs_option, knowledge_option
from triage.cli.output import FOUND, NOTHING, put_text, terminal_width, wants_colour
from triage.cli.progress import progress
from triage.errors import RuleError, SourceError
from triage.knowledge.writer import rule_to_yaml
from triage.model.rule import Rule
from triage.render import facts
from triage.render.clean import clean
from triage.render.phrases import count

COMMANDS = {
    "list": ("triage.cli.rules:list_rules", "List the rules of the knowledge."),
    "show": ("triage.cli.rules:show", "Print a rule, and the article if it is at hand."),
    "import": ("triage.cli.rules:import_rules", "Make rules of the articles in an archive."),
    "lint": ("triage.cli.rules:lint", "Check rule files and tell every fault."),
}


@click.group(cls=LazyGroup, table=COMMANDS)
def rules() -> None:
    """Import, list, show and check rules."""


@click.command("list")
@click.argument("words", nargs=-1, metavar="[WORDS]...")
@click.option("--product", metavar="NAME", help="Only rules that apply to this product, by any of its names.")
@format_option("text", "jsonl")
@knowledge_option
@click.pass_context
def list_rules(
    ctx: click.Context, words: tuple[str, ...], product: str | None, form: str, knowledge: Path | None
) -> None:
    """List the rules of the knowledge.

    WORDS narrow the list to rules that have all of them in id or title.
    """
    pack = api.load_knowledge(knowledge)
    wanted = None if product is None else (pack.products.canonical(product) or product).lower()
    rows = [
        row
        for row in pack.rule_ids()
        if all(word.lower() in f"{row[0]} {row[1]}".lower() for word in words)
        and (wanted is None or _applies(pack.rule(row[0]), wanted))
    ]
    if form == "jsonl":
        for number, title, kind in rows:
            click.echo(msgspec.json.encode({"id": number, "title": title, "kind": kind}))
    else:
        put_text(facts.rules(rows, width=terminal_width(), colour=wants_colour()))
    if not rows:
        complain("no rule fits")
    ctx.exit(FOUND if rows else NOTHING)


def _applies(rule: Rule | None, product: str) -> bool:
    return rule is not None and any(
        applies.product.lower() == product or applies.product.lower().startswith(f"{product} ")
        for applies in rule.applies_to
    )


@click.command()
@click.argument("rule_id", metavar="ID")
@click.option("--archive", type=PATH, metavar="DIR", help="Print the article too, from a local archive of articles.")
@format_option("yaml", "json")
@knowledge_option
@click.pass_context
def show(ctx: click.Context, rule_id: str, archive: Path | None, form: str, knowledge: Path | None) -> None:
    """Print a rule, and the article if it is at hand."""
    pack = api.load_knowledge(knowledge)
    rule = pack.rule(rule_id) or pack.rule(rule_id.upper()) or pack.rule(f"Q{rule_id}")
    if rule is None:
        complain(f"{clean(rule_id)}: no such rule in the knowledge (`triage rules list` shows them)")
    elif form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(rule), indent=2))
    else:
        click.echo(rule_to_yaml(rule), nl=False)
    if archive is not None:
        _print_article(archive, rule_id if rule is None else rule.id)
    elif rule is not None and pack.url(rule):
        click.echo(f"# {pack.url(rule)}" if form == "yaml" else "", nl=form == "yaml")
    ctx.exit(FOUND if rule is not None else NOTHING)


def _print_article(archive: Path, rule_id: str) -> None:
    path = kb.find_article(archive, rule_id)
    if path is None:
        raise SourceError(f"holds no article {rule_id}", path=archive)
    text = path.read_bytes().decode("utf-8", "replace")
    put_text("\n" + "\n".join(clean(line.expandtabs(4)) for line in text.splitlines()))


@click.command("import")
@click.argument("archive", type=PATH, metavar="DIR")
@click.option("--output", "-o", type=PATH, required=True, metavar="DIR", help="Folder for the rules, one file each.")
@click.option("--all", "every", is_flag=True, help="Every article, not only those that describe a crash.")
@jobs_option
@knowledge_option
def import_rules(archive: Path, output: Path, every: bool, jobs: int, knowledge: Path | None) -> None:
    """Make rules of the articles in an archive.

    DIR is a folder with one article a file, as <id>/README.md or <id>.txt, at any depth. The products come from the
    knowledge. Importing twice changes nothing.
    """
    pack = api.load_knowledge(knowledge)
    with progress("articles") as step:
        found = kb.read_rules(archive, pack, every=every, jobs=jobs, complain=complain, progress=step)
        written = kb.write_rules(found, pack, output)
    if not written:
        raise SourceError("no article here describes a crash (--all takes every article)", path=archive)
    click.echo(f"{count(written, 'rule')} in {clean(str(output))}")


@click.command()
@click.argument("paths", nargs=-1, required=True, type=PATH, metavar="PATH...")
def lint(paths: tuple[Path, ...]) -> None:
    """Check rule files and tell every fault.

    PATH is a rule file or a folder of them.
    """
    from triage.knowledge.loader import load_rules  # noqa: PLC0415 - imports yaml, which nothing else here needs

    found = load_rules(*paths)
    if not found:
        raise RuleError("no rules here; a rule is a file <id>.yaml", path=paths[0])
    click.echo(f"{count(len(found), 'rule')}, no faults")
