"""Regular expressions that are compiled when they are first used.

The readers hold some three hundred patterns, and one source needs a few dozen of them. Compiling all at import took
longer than all the rest of a short run together.
"""

import re
from typing import Any, AnyStr, cast


class _Lazy:
    """Stands in for a pattern; the first use of any attribute compiles it and puts its methods in place."""

    def __init__(self, source: str | bytes, flags: int) -> None:
        self._made_of = (source, flags)

    def __getattr__(self, name: str) -> Any:
        # Called only for what is not in place yet: after the first use the pattern's own methods are found at once.
        if name.startswith("_"):
            raise AttributeError(name)
        source, flags = self._made_of
        compiled: re.Pattern[Any] = re.compile(source, flags)
        for attribute in dir(compiled):
            if not attribute.startswith("_"):
                setattr(self, attribute, getattr(compiled, attribute))
        return getattr(compiled, name)


def regex(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, for use through its methods (`regex(...).search(text)`); functions of `re` refuse it.

    A fault in `source` shows at the first use, so tests/text/test_text_lazy.py compiles every pattern of the package.
    """
    return cast("re.Pattern[AnyStr]", _Lazy(source, flags))
