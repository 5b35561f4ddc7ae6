"""The examiner of a process that mostly needs none: it is made when it is first wanted, for it is slow to import."""

from functools import cached_property
from typing import TYPE_CHECKING

from triage.knowledge.pack import Pack
from triage.scan.setup import Setup

if TYPE_CHECKING:
    from triage.scan.examine import Examiner


class Later:
    """Called, it gives the examiner, always the same."""

    def __init__(self, setup: Setup, knowledge: Pack) -> None:
        self._setup = setup
        self._knowledge = knowledge

    def __call__(self) -> "Examiner":
        """The examiner."""
        return self._examiner

    @cached_property
    def _examiner(self) -> "Examiner":
        from triage.scan.examine import Examiner  # noqa: PLC0415

        return Examiner(self._setup, self._knowledge)
