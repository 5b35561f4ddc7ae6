"""The English stemmer of snowballstemmer, without the package's other thirty languages.

Importing snowballstemmer imports every language that it has, which takes longer than all the rest of a short run. The
English one needs two modules beside itself, so it is imported under a package name of our own, from the same files.
"""

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Final, Protocol

_ALIAS: Final = f"{__name__}_snowball"


class Stemmer(Protocol):
    """Takes the inflection off words."""

    def stemWord(self, word: str) -> str:  # noqa: N802 - snowballstemmer's name
        """The stem of one word in lower case."""


def english() -> Stemmer:
    """A new stemmer. Always the one in Python: PyStemmer, where it is installed, may follow another version."""
    spec = find_spec("snowballstemmer")
    if spec is None or spec.submodule_search_locations is None:
        raise ModuleNotFoundError("snowballstemmer is not installed", name="snowballstemmer")
    if _ALIAS not in sys.modules:
        package = ModuleType(_ALIAS, "snowballstemmer without its languages")
        package.__path__ = list(spec.submodule_search_locations)
        sys.modules[_ALIAS] = package
    stemmer: Stemmer = import_module(f"{_ALIAS}.english_stemmer").EnglishStemmer()
    return stemmer
