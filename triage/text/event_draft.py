"""An event record while its rows are gathered: fields, description, and what each of them carries of the other."""

import re

from triage.text.event_crashes import implied_event
from triage.text.event_record import Record, clean, number_of, tidy, type_of, value_and_text
from triage.text.event_rows import Field
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.messages import lines_of_rows

DESCRIPTION_FOR = regex(
    r"description\s+for\s+event\s+id\s*(?:\(\s*(?P<id>\d{1,10})\s*\)|(?P<id2>\d{1,10}))\s*(?:in|from)\s+source\s*"
    r"(?:\(\s*(?P<source>[^)\s][^)\n]{0,79})\)|(?P<source2>[\w.$-][\w.$ -]{0,79}?)\s{1,8}c(?:ould|an))",
    re.IGNORECASE,
)
"""What the viewer shows where a source's message file is missing; it names number and source."""

ID = regex(r"[\s#(<]*(?P<id>\d{1,10})\)?(?P<rest>[\s\S]*)")
SOURCE_SHAPE = regex(
    r"(?P<source>MSExchange\w{0,20}(?: (?:Private|Public|MTA|IS|DS))?|(?:[A-Z][a-z]{1,12}){2,4}"
    r"|[A-Z]{2,8}[a-z]{2,}[A-Z]?\w{0,12})(?=$|[\s,.:-])"
)
_READ_OVER = frozenset({"other", "data", "user"})


class Draft:
    """A record while its rows are gathered."""

    def __init__(self, row: int, indent: int) -> None:
        self.first = self.last = self.headed = row
        self.indent = indent
        self.values: dict[str, str] = {}
        self.text: list[str] = []
        self.in_text = False
        self.in_data = False
        self.open_field: str | None = None
        self.blank = False
        self.paragraphs = 1
        self.mention = False
        self.labelled = False
        self.brief = False
        """Only a number and a text are told, so that the text is the paragraph that they begin."""

    def say(self, row: str) -> None:
        """Adds to the description, which begins here at the latest."""
        self.in_text = True
        if row:
            self.text.append(row)

    def holds(self, name: str) -> bool:
        """Whether the field has its value already."""
        return name in self.values or (name == "text" and self.in_text)

    def absorb(self, field: Field) -> None:
        """Takes a labelled field; the first value of a field is kept."""
        self.open_field = None
        self.in_data = field.name == "data"
        value = field.value
        if field.name == "text":
            self.labelled = True
            self.say(value)
        elif field.name == "id":
            match = ID.match(value)
            if match is not None:
                self.values.setdefault("id", match["id"])
                self._after_id(match["rest"])
        elif field.name in _READ_OVER:
            return
        elif not value:
            self.open_field = field.name
        else:
            if field.name == "source":
                value = self._source(value)
            value, said = value_and_text(field.name, value)
            self.values.setdefault(field.name, value)
            if said:
                self.say(said)

    def _source(self, value: str) -> str:
        """The source alone: a category may follow after two blanks, the description in quotes."""
        value, _, quoted = value.partition(', "')
        value, _, more = re.sub(r"\s{2,}", "\t", value).partition("\t")
        if more.strip():
            self.values.setdefault("category", more.strip())
        if quoted:
            self.say(quoted)
        return value

    def _after_id(self, rest: str) -> None:
        """What stands after the number on its row: a source, the description, or both."""
        said = rest.strip(" \t").lstrip(":,;.-\u2013\"'`) ")
        if not said:
            return
        match = SOURCE_SHAPE.match(said)
        if match is not None and "source" not in self.values:
            self.values["source"] = match["source"]
            said = said[match.end() :].strip(" \t:,;-\u2013")
        if len(said.split()) >= 2:
            self.say(said)

    def record(self, text: Text) -> Record | None:
        """The event, or None where what was gathered is none: neither a number nor enough of the other fields."""
        body = tidy("\n".join(self.text))
        self._describe(body)
        number = number_of(self.values.get("id"))
        named = "source" in self.values and ("type" in self.values or self.labelled)
        full = {"source", "type"} < set(self.values) and bool({"category", "time"} & set(self.values))
        if number is None and not (named and body.strip()) and not full:
            return None
        return Record(
            lines=lines_of_rows(text, self.first, self.last),
            source=clean(self.values.get("source")),
            id=number,
            type=type_of(self.values.get("type")),
            category=clean(self.values.get("category")),
            log=clean(self.values.get("log")),
            time=clean(self.values.get("time")),
            computer=clean(self.values.get("computer")),
            body=body,
            mention=self.mention,
        )

    def _describe(self, body: str) -> None:
        """Fills source and number from a description that names them itself."""
        if {"id", "source"} <= set(self.values):
            return
        match = DESCRIPTION_FOR.search(body)
        if match is not None:
            self.values.setdefault("id", match["id"] or match["id2"])
            self.values.setdefault("source", (match["source"] or match["source2"]).strip())
            return
        implied = implied_event(body, len(body))
        if implied is not None and "source" not in self.values and self.values.get("id") in (None, str(implied[1])):
            self.values.setdefault("source", implied[0])
            self.values.setdefault("id", str(implied[1]))
