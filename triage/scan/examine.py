"""One source to what a scan keeps of it; large text is read in regions, all else as `analyze` does."""

from collections import deque
from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from triage.advice import Stock
from triage.api.judge import judge
from triage.api.told import tells_of_a_crash, with_told
from triage.errors import SourceError, TriageError
from triage.formats import read_evidence
from triage.formats.binaries import binary_format
from triage.formats.binary import Data
from triage.formats.binary.store import IN_MEMORY, digest_of
from triage.formats.containers import container_of
from triage.formats.large import SAMPLE, SPAN, Piece, count_lines, grown, of_pieces, read_large, read_span
from triage.knowledge.pack import Pack, load_knowledge
from triage.model.evidence import Evidence
from triage.model.report import Report, SourceInfo
from triage.scan.found import Fault, Found, Result, Seen, seen_of
from triage.scan.outcome import outcomes_of
from triage.scan.setup import Setup
from triage.scan.source import Source, refused
from triage.scan.spread import Spread
from triage.scan.steps import WHOLE, Again, Answer, Count, Digest, Large, Look, Part, Read, Step
from triage.text.decode import BINARY, detect
from triage.text.landmarks import warm
from triage.text.windows import SMALL

_EVIDENCE = msgspec.msgpack.Decoder(Evidence)


class Examiner:
    """Reads sources with one opened pack; not to be shared between threads or processes."""

    def __init__(self, setup: Setup, knowledge: Pack | None = None) -> None:
        self.setup = setup
        warm()
        self.knowledge = load_knowledge(setup.knowledge) if knowledge is None else knowledge
        self.stock = None if setup.inventory is None else Stock(setup.inventory)

    def examine(self, source: Source) -> Result:
        """All that the source gives. Raises nothing but KeyboardInterrupt; what cannot be read is a fault."""
        answer = self.do(Read(source))
        if answer.large is None:
            return answer.result or Result(source.name)
        spread = Spread(source, answer.large)
        steps = deque(spread.steps())
        while answer.result is None:
            step = steps.popleft()
            if spread.needed(step):
                answer = self.do(step)
                steps += spread.take(step, answer)
            else:
                steps += spread.skip(step)
        return spread.with_faults(answer.result)

    def would_map(self, source: Source) -> bool:
        """Whether this is a file that a worker would map: large, and no text."""
        try:
            size, modified = source.stat()
            return source.path is not None and size > IN_MEMORY and self._large(source, size, modified) is None
        except (TriageError, OSError):
            return False  # whoever reads it will say what is wrong

    def do(self, step: Step) -> Answer:
        """One step of the work on a source. Raises nothing but KeyboardInterrupt."""
        name = step.source.name
        try:
            return self._done(step)
        except TriageError as error:
            fault = Fault(error.message, error.path or name)
        except MemoryError:
            fault = Fault(
                "needs more memory than a worker may have (--memory); cut out the part around the crash", name
            )
        except OSError as error:
            fault = Fault(refused(error, name).message, name)
        except Exception as error:  # noqa: BLE001 - a fault of ours in one source must not cost the user the others
            fault = Fault(f"internal error, please report it ({type(error).__name__}: {error})", name)
        if isinstance(step, WHOLE):
            return Answer(result=Result(name, (fault,)))
        return Answer(fault=fault.message)

    def _done(self, step: Step) -> Answer:
        source = step.source
        if isinstance(step, Again):
            return self._again(step)
        if isinstance(step, Read):
            return self._read(source)
        again = source.again
        if again is None:
            raise AssertionError("what is read once is not shared out")
        if isinstance(step, Look):
            return Answer(part=_part(read_span(again, step.large.encoding, step.large.mark, step.span)))
        if isinstance(step, Count):
            return Answer(lines=count_lines(again, step.large.encoding, step.large.mark, step.span))
        if isinstance(step, Digest):
            return Answer(sha256=source.digest())
        evidence = of_pieces([_piece(part) for part in step.parts], step.large.encoding)
        result = self._of_text(source, step.large, evidence, step.sha256)
        return Answer(result=self._told(result, source, step.large.size))

    def _read(self, source: Source) -> Answer:
        size, modified = source.stat()
        large = self._large(source, size, modified)
        if large is None:
            result = Result(source.name, tuple(self._found(source, modified)))
        elif large.encoding == BINARY:
            result = self._of_text(source, large, Evidence(format="text", encoding=BINARY))
        elif size > SPAN:
            return Answer(large=large)
        elif source.again is not None:
            result = self._of_text(source, large, read_large(source.again, begin=source.begin))
        return Answer(result=self._told(result, source, size))

    def _again(self, step: Again) -> Answer:
        try:
            found = tuple(one if isinstance(one, Fault) else self._matched(one) for one in step.result.found)
        except msgspec.DecodeError:  # what was kept is damaged
            return self._read(step.source)
        return Answer(result=Result(step.result.name, found))

    def _matched(self, found: Found) -> Found:
        """The same of kept evidence, with the rules of today; without evidence there is nothing to match."""
        if found.evidence is None:
            return found
        evidence = _EVIDENCE.decode(found.evidence)
        report = self._judge(evidence, found.report.source)
        return Found(report, found.seen, found.evidence)

    def grown(self, before: Found, after: Found) -> Found:
        """A log of which the first part was read earlier, and the rest now."""
        old, new = (
            Evidence(format="text") if one.evidence is None else _EVIDENCE.decode(one.evidence)
            for one in (before, after)
        )
        evidence = grown(old, new)
        times = dict(
            zip((one.lines for one in (*new.incidents, *old.incidents)), (*after.seen, *before.seen), strict=False)
        )
        source = replace(after.report.source, format=evidence.format)
        report = self._judge(evidence, source)
        kept = msgspec.msgpack.encode(evidence) if report.incidents else None
        return Found(report, tuple(times.get(one.lines, Seen()) for one in evidence.incidents), kept)

    def _found(self, source: Source, modified: float | None) -> Iterator[Found | Fault]:
        evidence: dict[str, Evidence] = {}
        unreadable: set[str] = set()

        def analyst(data: Data, name: str) -> Report:
            try:
                if not data:
                    raise SourceError("empty; there is nothing to read", path=name)
                read = read_evidence(data)
                if read.incidents or tells_of_a_crash(data):  # else it is one of the share's many texts
                    read = with_told(data, read)
                evidence[name] = read
            except SourceError:
                unreadable.add(name)
                raise
            info = SourceInfo(
                path=name, format=read.format, encoding=read.encoding, bytes=len(data), sha256=digest_of(data)
            )
            return self._judge(read, info)

        for outcome in outcomes_of(source, analyst, limit=self.setup.limit, mapped=self.setup.mapped):
            if isinstance(outcome, TriageError):
                path = outcome.path or source.name
                yield Fault(outcome.message, path, lasting=path in unreadable)
            else:
                yield self._keep(outcome, evidence.pop(outcome.source.path), modified)

    def _told(self, result: Result, source: Source, size: int) -> Result:
        """The result, and whether the file has another size than before: then it says less, or more, than the file."""
        if source.path is None or not result.found or not isinstance(result.found[-1], Found):
            return result
        try:
            now, _ = source.stat()
        except SourceError:
            changed = "went away while it was read"
        else:
            if now == size:
                return result
            changed = f"{'grew' if now > size else 'was cut'} while it was read, from {size:,} to {now:,} bytes"
        last = replace(result.found[-1], changed=f"{changed}; scan it again for the rest")
        return Result(result.name, (*result.found[:-1], last))

    def _large(self, source: Source, size: int, modified: float | None) -> Large | None:
        """What has to be known of a text too large to hold; None where the source is none."""
        again = source.again
        if size <= SMALL or again is None:
            return None
        with again() as file:
            head = file.read(SAMPLE)
        if binary_format(head) is not None or container_of(head) is not None:
            return None
        encoding, mark = detect(head)
        return Large(encoding, mark, size, modified)

    def _of_text(self, source: Source, large: Large, evidence: Evidence, sha256: str | None = None) -> Result:
        """The result of a large text. The digest, where there is one to be, is made here if nobody made it before."""
        if sha256 is None and evidence.incidents and not source.begin and large.size <= SPAN:
            sha256 = source.digest()
        info = SourceInfo(
            path=source.name, format=evidence.format, encoding=evidence.encoding, bytes=large.size, sha256=sha256
        )
        report = self._judge(evidence, info)
        return Result(source.name, (self._keep(report, evidence, large.modified),))

    def _judge(self, evidence: Evidence, source: SourceInfo) -> Report:
        """The report on one of many sources, about which nobody asks in particular."""
        return judge(
            evidence, source=source, knowledge=self.knowledge, top=self.setup.top, stock=self.stock, asked=False
        )

    def _keep(self, report: Report, evidence: Evidence, modified: float | None) -> Found:
        kept = msgspec.msgpack.encode(evidence) if self.setup.keep and report.incidents else None
        return Found(report, seen_of(evidence, modified), kept)


def _part(piece: Piece) -> Part:
    if piece.evidence is None:
        return Part()
    evidence = msgspec.msgpack.encode(piece.evidence)
    return Part(evidence, len(piece.evidence.incidents), piece.before, piece.lines)


def _piece(part: Part) -> Piece:
    evidence = None if part.evidence is None else _EVIDENCE.decode(part.evidence)
    return Piece(evidence, part.before, part.lines)
