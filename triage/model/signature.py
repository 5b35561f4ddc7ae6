"""Names that decide how a signature is made of a stack: the schema of rules/signatures.yaml."""

from msgspec import Struct


class FrameNames(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Functions by what they say of a fault, in lower case and without decoration.

    `irrelevant` ones are left out; what stands above one of `sentinels` is left out with it; one of `tell_little` needs
    another after it.
    """

    irrelevant: frozenset[str] = frozenset()
    sentinels: frozenset[str] = frozenset()
    tell_little: frozenset[str] = frozenset()
