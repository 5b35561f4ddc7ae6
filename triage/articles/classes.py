"""Which articles are about crashes: the class of articles that the built-in rules are made of."""

import re
from typing import Final

from triage.articles.article import Article
from triage.articles.prose import CRASH
from triage.model.rule import Rule

_FAULT: Final = re.compile(
    r"access violation|page fault|protection (?:fault|violation|error)|\bGPF\b|\bGP fault|\bUAE\b"
    r"|unrecoverable application"
    r"|Dr\.? ?Watson|drwtsn32|referenced memory|fatal exception|illegal operation|unhandled exception"
    r"|application error"
    r"|\bSTOP[: ]+(?:error|message|screen|0x)|blue screen|bug ?check|stack overflow|exception error"
    r"|invalid instruction"
    r"|abnormal program termination|\bR60\d\d\b|\btrap (?:0x)?[0-9]"
    r"|\b(?:servers?|services?|programs?|computers?|managers?|process|system|\w+\.exe) (?:may "
    r"|will )?traps?\b(?! (?:for|the|this|any|an?|errors?)\b)",
    re.IGNORECASE,
)
"""A fault that the system itself shows."""


_TOLD: Final = re.compile(
    r"\bevent ?id(?: ?(?:no\.?|number))?:? {0,8}\d{1,5}\b|\bSTOP:? ?\(?0x[0-9a-f]|\bcaused an? (?:invalid page"
    r"|general protection) fault in\b|\breferenced memory at\b|\bApplication exception occurred\b|\bChildEBP\b"
    r"|\bFramePt?r\b",
    re.IGNORECASE,
)
"""What systems and debuggers print, wherever an article quotes it: a log may hold it for the same reason."""


def is_crash_class(article: Article, rule: Rule) -> bool:
    """Whether the article describes a crash, or an error event, that evidence can be matched against.

    That is: its symptoms hold an exception code, a stop code, a faulting module, a stack or an event with its id; or
    they speak of a fault that the system shows; or of a crash or hang that a fix ends; or the article quotes, in
    whatever place, what systems print of faults.
    """
    symptoms = rule.symptoms
    if symptoms.exceptions or symptoms.bugchecks or symptoms.faulting or symptoms.stacks:
        return True
    if any(event.id is not None for event in symptoms.events):
        return True
    if _TOLD.search("\n".join(paragraph.text for section in article.sections for paragraph in section.paragraphs)):
        return True
    sections = (*article.symptom_sections, "cause")
    told = [article.title, *(paragraph.text for paragraph in article.paragraphs(*sections))]
    if any(_FAULT.search(text) for text in told):
        return True
    fix = rule.fix
    return bool(fix.service_packs or fix.files or fix.hotfix) and any(CRASH.search(text) for text in told)
