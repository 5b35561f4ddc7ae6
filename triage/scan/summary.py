"""A scan in words: what to install first, then the buckets, the most frequent first."""

from collections.abc import Iterator
from textwrap import shorten, wrap
from typing import Final

from triage.scan.buckets import Bucket, Buckets

MAX_EVENTS: Final = 5
"""Buckets of mere events that are shown where no article is known for them."""

_MAX_MACHINES = 3
_MAX_ACTIONS = 10


def summary(buckets: Buckets, *, top: int, width: int) -> Iterator[str]:
    """The lines; none where there was no incident. Not cleaned of control characters: the writer does that."""
    ranked = buckets.ranked()
    if not ranked:
        return
    yield from _actions(buckets, width)
    yield f"{_count(buckets.incidents, 'incident')} in {_count(len(ranked), 'bucket')}"
    if buckets.again:
        yield f"{_count(buckets.again, 'further event')} about the same crashes counted with them"
    if buckets.copies:
        yield f"{_count(buckets.copies, 'source')} with the same bytes as another counted once"
    yield ""
    shown = [one for one in ranked if one.crash or one.finding is not None][:top]
    shown += [one for one in ranked if not one.crash and one.finding is None][: min(MAX_EVENTS, top - len(shown))]
    digits = len(f"{max(one.count for one in shown):,}") + 1
    for bucket in shown:
        yield from _bucket(bucket, digits, width)
    if len(ranked) > len(shown):
        yield f"{_count(len(ranked) - len(shown), 'more bucket')} (--buckets; all of them with --output FILE.db)"


def _actions(buckets: Buckets, width: int) -> Iterator[str]:
    plan = buckets.plan()
    if plan is None or not plan.actions:
        return
    weighed = sorted(((buckets.ended_by(one.covers), one) for one in plan.actions), key=lambda pair: -pair[0])
    yield "What to do first"
    for ended, action in weighed[:_MAX_ACTIONS]:
        yield from _wrapped(f"  {ended:>6,}x  ", f"{action.summary} ({', '.join(action.covers[:5])})", width)
    yield ""


def _bucket(bucket: Bucket, digits: int, width: int) -> Iterator[str]:
    head = f"{bucket.count:>{digits},}x  "
    pad = " " * len(head)
    yield from _wrapped(head, bucket.signature, width)
    yield pad + shorten(bucket.summary, max(20, width - len(pad)), placeholder="…")
    yield from _wrapped(pad, _where(bucket), width)
    finding = bucket.finding
    if finding is not None:
        title = shorten(finding.title, max(20, width - len(pad) - len(finding.rule) - 20), placeholder="…")
        number = bucket.described_by(finding.rule)
        share = f", for {number:,} of {bucket.count:,}" if number < bucket.count else ""
        yield f"{pad}{finding.rule}  {title}  {finding.stated}{share}"
        yield from _wrapped(f"{pad}{finding.to_do}  ", finding.advice.summary, width)
    yield ""


def _where(bucket: Bucket) -> str:
    name, line = next(iter(bucket.files.items()))
    place = f"{name}:{line}" if line else name
    parts = [f"in {_count(bucket.sources, 'file')}, first {place}"]
    if bucket.first is not None:
        days = dict.fromkeys((bucket.first[:10], (bucket.last or bucket.first)[:10]))
        parts.append(f"seen {' to '.join(days)}")
    if bucket.machines:
        names = sorted(bucket.machines)
        more = f" and {len(names) - _MAX_MACHINES} more" if len(names) > _MAX_MACHINES else ""
        parts.append(f"on {', '.join(names[:_MAX_MACHINES])}{more}")
    return "; ".join(parts)


def _wrapped(head: str, text: str, width: int) -> Iterator[str]:
    """The text behind its head, in lines of the width."""
    lines = wrap(" ".join(text.split()), max(20, width - len(head)), break_on_hyphens=False) or [""]
    for number, line in enumerate(lines):
        yield (head if number == 0 else " " * len(head)) + line


def _count(number: int, one: str) -> str:
    return f"{number:,} {one if number == 1 else one + 's'}"
