"""`triage search`."""

from pathlib import Path

import click

from triage import api
from triage.cli.options import explain_option, format_option, knowledge_option, top_option
from triage.cli.output import put_out, writer
from triage.scan import STDIN, Source


class Words(click.Command):
    """Takes negative numbers for words: errors such as -1811 are what people search for."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Move numbers behind a `--`; the order of words does not matter to the search."""
        if "--" not in args:
            numbers = [word for word in args if word[:1] == "-" and word[1:].isdigit()]
            args = [word for word in args if word not in numbers] + (["--", *numbers] if numbers else [])
        return super().parse_args(ctx, args)


@click.command(cls=Words)
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@format_option("text", "json", "jsonl", "markdown")
@explain_option
@top_option
@knowledge_option
@click.pass_context
def search(
    ctx: click.Context, words: tuple[str, ...], form: str, explain: bool, top: int, knowledge: Path | None
) -> None:
    """Find the articles that fit a description in words.

    WORDS are symptoms as a person tells them; `-` reads them from standard input.
    """
    pack = api.load_knowledge(knowledge)
    if words == (STDIN,):
        report = api.search(Source("stdin").read().decode("utf-8", "replace"), pack, top, path="stdin")
    else:
        report = api.search(" ".join(words), pack, top)
    ctx.exit(put_out([report], writer(form, explain=explain)).status)
