"""The machine that a text tells of: product, version, build, service pack, processors, uptime.

Read from the banner and `vertarget` of debuggers, the keys of !analyze, Dr. Watson's system block, event 6009, boot
lines, `ver`, `systeminfo` and problem reports. What several places tell is joined; the first place wins.
"""

from msgspec.structs import replace

from triage.model.evidence import NO_LINES, System
from triage.text.lines import Text
from triage.text.system_builds import build_of_version, product_of_build, version_of_build
from triage.text.system_patterns import OSBUILD, PAIRS, PATTERNS, PRODUCT
from triage.text.systeminfo import read_facts, read_hotfixes

_HINTS = (
    "version",
    "build ",
    "build:",
    "build_",
    "buildosver",
    "osbuild",
    "built by",
    "windows",
    "os_",
    "osname",
    "os name",
    "service pack",
    "servicepack",
    "uptime",
    "processors",
    "product:",
    "productname",
    "connected to",
    "operating",
    "os:",
    "os  ",
)
_MOST = 400
"""After so many rows with anything, the text says nothing new of the machine."""


def read_system(text: Text) -> System | None:
    """What the text tells of the machine, or None where it tells nothing."""
    facts, lines, server = _walk(text)
    hotfixes = read_hotfixes(text)
    _add_systeminfo(text, facts)
    if not facts and not hotfixes:
        return None
    system = _system(facts, server=server, lines=lines) or System()
    return replace(system, hotfixes=hotfixes) if hotfixes else system


def _walk(text: Text) -> tuple[dict[str, str], tuple[int, int], bool]:
    """The facts of all rows, the first and last source line that gave one, and whether the product is a server."""
    facts: dict[str, str] = {}
    server = False
    first = last = 0
    seen = 0
    for index in text.holding(_HINTS):
        row = text.rows[index]
        found = _facts(text, index, row[:400])
        if hit := PRODUCT.match(row[:200]):
            server = server or hit[1].lower() != "winnt"
        if not found:
            continue
        build = found.get("build")
        if build is not None and facts.get("build", build) != build:
            # !analyze prints the version of the kernel file as well; of the two its OSBUILD is the machine's.
            if OSBUILD.match(row[:100]) is None:
                # Another build is another machine, or the debugger's own.
                continue
            facts["build"] = build
        new = {key: value for key, value in found.items() if value and key not in facts}
        if new:
            facts |= new
            first, last = first or text.numbers[index], text.numbers[index]
        seen += 1
        if seen >= _MOST:
            break
    return facts, (first, last), server


def _add_systeminfo(text: Text, facts: dict[str, str]) -> None:
    """What systeminfo's rows tell of the same machine and nothing else did: above all that there is no pack."""
    told = read_facts(text)
    if told is None or facts.get("build", told.build) != told.build:
        return
    rows = {"name": told.name, "version": told.version, "build": told.build, "arch": told.architecture}
    rows["pack"] = None if told.pack is None else str(told.pack)
    for key, value in rows.items():
        if value is not None:
            facts.setdefault(key, value)


def _facts(text: Text, index: int, row: str) -> dict[str, str]:
    for pattern in PATTERNS:
        if hit := pattern.search(row):
            return {key: value for key, value in hit.groupdict().items() if value is not None}
    for head, below in PAIRS:
        if head.match(row):
            following = next((later for later in text.rows[index + 1 : index + 3] if later), "")
            if hit := below.match(following[:200]):
                return {key: value for key, value in hit.groupdict().items() if value is not None}
    return {}


def _system(facts: dict[str, str], *, server: bool, lines: tuple[int, int]) -> System | None:
    build = int(facts["build"]) if "build" in facts else None
    version = facts.get("version")
    if version is not None:
        version = ".".join(str(int(part)) for part in version.split("."))
        # "5.02" of event 6009 is 5.2; "4.00" is 4.0; "4.10" and "4.90" stay.
        if version == "4.10" or facts["version"] in {"4.10", "4.90", "3.10", "3.11", "3.50", "3.51"}:
            version = facts["version"].removesuffix("0") if facts["version"] in {"3.50", "3.10"} else facts["version"]
    if build is None and version is not None:
        build = build_of_version(version)
    version = version_of_build(build) or version
    product = product_of_build(build, facts.get("name"), server=server, version=version)
    uptime = None
    if "hours" in facts:
        uptime = (int(facts.get("days", 0)) * 24 + int(facts["hours"])) * 3600
        uptime += int(facts["minutes"]) * 60 + int(facts["seconds"])
    return System(
        product=product,
        version=version,
        build=build,
        revision=int(facts["revision"]) if "revision" in facts else None,
        service_pack=int(facts["pack"]) if "pack" in facts else None,
        # As kernels of Windows on ARM print it: Free ARM 64-bit (AArch64).
        architecture=facts["arch"].lower().removesuffix("-bit").replace(" ", "") if "arch" in facts else None,
        processors=1 if "up" in facts else int(facts["procs"]) if "procs" in facts else None,
        uptime=uptime,
        lines=lines if lines[0] else NO_LINES,
    )
