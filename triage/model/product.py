"""Products and their service packs: the schema of rules/products/*.yaml."""

from msgspec import Struct


class ServicePack(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One service pack. `number` orders, `suffix` ("a") follows it; `build` is what the version text shows."""

    number: int
    suffix: str | None = None
    name: str | None = None
    released: str | None = None
    build: str | None = None
    articles: tuple[str, ...] = ()


class Release(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A released build of a product that has no service packs (Windows 10 1809 is build 17763)."""

    name: str
    build: str
    released: str | None = None


class Product(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A product with its service packs in order, oldest first.

    `product` is the canonical name; `aliases` are other names in articles and in people's mouths.
    `version` and `build` are what a system line shows ("4.0", 1381). `cumulative` says that each pack contains those
    before it. `carries` names products whose fixes come with this product's packs (IIS 5.0 with Windows 2000);
    `obtain` is the article that tells how to get the latest pack.
    """

    product: str
    aliases: tuple[str, ...] = ()
    version: str | None = None
    build: int | None = None
    builds: tuple[Release, ...] = ()
    cumulative: bool = True
    service_packs: tuple[ServicePack, ...] = ()
    carries: tuple[str, ...] = ()
    obtain: str | None = None
    end_of_support: str | None = None
    sources: tuple[str, ...] = ()
