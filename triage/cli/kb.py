"""`triage kb`."""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain
from pathlib import Path

import click

from triage import api
from triage import kb as knowledge_base
from triage.cli.complain import complain
from triage.cli.group import LazyGroup
from triage.cli.options import PATH, jobs_option, knowledge_option
from triage.cli.progress import progress
from triage.errors import SourceError
from triage.model.rule import Rule
from triage.render.clean import clean
from triage.render.phrases import count

COMMANDS = {"build": ("triage.cli.kb:build", "Build a pack from articles and rules of your own.")}


@click.group(cls=LazyGroup, table=COMMANDS)
def kb() -> None:
    """Build a knowledge pack from an archive of articles."""


@click.command()
@click.argument("archive", type=PATH, required=False, metavar="[DIR]")
@click.option("--output", "-o", type=PATH, required=True, metavar="PACK", help="The pack to write.")
@click.option(
    "--rules",
    "folders",
    type=PATH,
    multiple=True,
    metavar="DIR",
    help="Add the rules of this folder (repeatable).",
)
@click.option("--crash-only", is_flag=True, help="Leave out articles that do not describe a crash.")
@jobs_option
@knowledge_option
def build(
    archive: Path | None,
    output: Path,
    folders: tuple[Path, ...],
    crash_only: bool,
    jobs: int,
    knowledge: Path | None,
) -> None:
    """Build a pack from articles and rules of your own.

    Every article under DIR becomes a rule, in place of the article rules of the built-in knowledge; its products,
    codes and hand-written rules come along. Without DIR the built-in article rules stay. Rules of --rules go before
    others of the same id.
    """
    pack = api.load_knowledge(knowledge)
    own = _own_rules(folders)
    with ExitStack() as stack:
        if archive is None:
            if not folders:
                raise SourceError("nothing to add: name a folder of articles, or --rules with a folder of rules")
            rest = knowledge_base.kept_rules(pack, articles=True)
        else:
            step = stack.enter_context(progress("articles"))
            articles = knowledge_base.read_rules(
                archive, pack, every=not crash_only, jobs=jobs, complain=complain, progress=step
            )
            rest = chain(knowledge_base.kept_rules(pack, articles=False), articles)
        total = knowledge_base.build(chain(own, rest), pack, output)
    click.echo(f"{count(total, 'rule')} in {clean(str(output))}")


def _own_rules(folders: tuple[Path, ...]) -> Iterator[Rule]:
    """Checked before anything else is done, so that a fault shows at once and not after the articles."""
    if not folders:
        return iter(())
    from triage.knowledge.loader import load_rules  # noqa: PLC0415 - imports yaml, which nothing else here needs

    return iter(load_rules(*folders))
