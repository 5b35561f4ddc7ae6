"""Products and their service packs: the schema of rules/products/*.yaml.

A file holds a product or a list of them. A *release* ("Windows NT 4.0") has service packs; a *family* ("Windows NT")
groups releases and lists those versions that need no record of their own. A release is named after its family and its
version: family "Exchange Server" and version "5.5" make "Exchange Server 5.5". A variant of a release (Windows NT
Server 4.0 Terminal Server Edition) has a name that does not begin with that of the release.
"""

from msgspec import Struct


class ServicePack(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One service pack. `number` orders, `suffix` ("a") follows it; `build` is what the version text shows.

    `name` is given where it is not "Service Pack <number><suffix>" (Office 97: "Service Release 1"). `released` is an
    ISO date, or its year and month. `articles` tell about the pack: how to obtain it, what it fixes. `needs` is the
    number of the pack that must be installed before this one, which does not contain it. `preinstalled` marks a
    release that came with new computers only and cannot be installed on others (Windows 95 OSR 2).
    """

    number: int
    suffix: str | None = None
    name: str | None = None
    released: str | None = None
    build: str | None = None
    needs: int | None = None
    preinstalled: bool = False
    articles: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The pack's name as people write it, without the product."""
        return self.name or f"Service Pack {self.number}{self.suffix or ''}"

    @property
    def order(self) -> tuple[int, str]:
        """The key that puts the packs of one product in order: 6 comes before 6a."""
        return (self.number, self.suffix or "")


class Release(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A released build of a product that has no service packs (Windows 10 1809 is build 17763)."""

    name: str
    build: str
    released: str | None = None
    end_of_support: str | None = None


class Rollup(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A collection of fixes that is no service pack; `after` is the number of the pack that it needs."""

    name: str
    after: int | None = None
    released: str | None = None
    articles: tuple[str, ...] = ()


class Product(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A product with its service packs in order, oldest first.

    `product` is the canonical name; `aliases` are other names in articles and in people's mouths, in normal form (see
    triage.knowledge.product_names.normal). `family` names the family of a release; on a family, `versions` lists
    versions without a record of their own, each with its other numbers ("97": ["8.0"]).
    `system` marks operating systems; `version` and `build` are what a system line shows ("4.0", 1381). `cumulative`
    says that a machine with a pack has the fixes of those before it, too: the pack contains them, or needs them.
    `carries` names products whose fixes come with this product's packs (IIS 5.0 with Windows 2000); `obtain` is the
    article that tells how to get the latest pack, `obtain_also` are those it replaced, and misprints of its id.
    `keywords` are the stems that article keywords use ("winnt400" in kbWinNT400SP4Fix). `binaries` are files whose
    version shows the product's build. `sources` name the articles or pages that the facts come from.
    """

    product: str
    system: bool = False
    aliases: tuple[str, ...] = ()
    family: str | None = None
    versions: dict[str, tuple[str, ...]] = {}
    version: str | None = None
    build: int | None = None
    released: str | None = None
    builds: tuple[Release, ...] = ()
    cumulative: bool = True
    service_packs: tuple[ServicePack, ...] = ()
    rollups: tuple[Rollup, ...] = ()
    carries: tuple[str, ...] = ()
    obtain: str | None = None
    obtain_also: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    binaries: tuple[str, ...] = ()
    end_of_support: str | None = None
    sources: tuple[str, ...] = ()
