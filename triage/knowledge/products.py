"""Products and the lineage of their service packs: which pack follows which, which product's packs carry a fix.

Built for every start of the program, so construction costs nothing; maps are made when first asked for.
"""

from functools import cached_property
from typing import Final

from triage.knowledge.product_names import VARIANTS, Name, normal, strip_label, take_apart
from triage.model.evidence import System
from triage.model.product import Product, ServicePack
from triage.model.rule import Applies, PackRef
from triage.model.version import FileVersion, parse_version
from triage.text.lazy import regex

_CACHE_SIZE: Final = 20_000
_KEYWORD = regex(
    r"(?:kb)?(?P<stem>[a-z]{1,20}?\d{0,4})(?:pre)?s[pr](?P<number>\d)(?P<suffix>[ab])?(?:kb)?fix[a-z]{0,12}"
)
_Keys = dict[str, list[tuple[frozenset[str], str]]]


class Products:
    """All products, by every name that is known for them."""

    def __init__(self, products: tuple[Product, ...]) -> None:
        self.all = products
        self._taken: dict[str, tuple[Product, Name] | None] = {}

    def get(self, product: str | None) -> Product | None:
        """The product with this canonical name."""
        return None if product is None else self._by_name.get(product)

    def canonical(self, name: str) -> str | None:
        """The canonical name for a name of an article, a log or a person; None where it is of no known product.

        A name with one version gives the release ("Windows NT 4.0"), with none or several the family ("Windows NT").
        """
        if name in self._by_name:
            return name
        taken = self._take_apart(strip_label(name))
        if taken is None:
            return None
        releases = self._releases(*taken)
        return releases[0] if len(releases) == 1 else taken[0].product

    def find(self, name: str) -> Product | None:
        """The product (release or family) that a name in any form means."""
        return self.get(self.canonical(name))

    def parse_applies(self, line: str) -> tuple[Applies, ...]:
        """A line of an article's "applies to" list: the product by its family, with versions and packs as printed.

        "Microsoft Windows NT Server versions 3.51, 4.0 SP4" gives Windows NT with ("3.51", "4.0 SP4"). Empty for
        products that are not known, and for hardware.
        """
        taken = self._take_apart(strip_label(line))
        if taken is None:
            return ()
        product, name = taken
        family = product.family or product.product
        entries: dict[str, list[str]] = {}
        for release in self._releases(product, name) or (family,):
            owner = self.get(release)
            alone = owner is not None and (owner.family is None or not VARIANTS.isdisjoint(normal(release).split()))
            base = release if alone else family
            version = release.removeprefix(base).strip()
            packs = [
                f"SP{number}{suffix}"
                for printed, number, suffix in name.packs
                if not printed or self._release(product, printed, name) in {release, None}
            ]
            plain = version and (not packs or any(self._release(product, v, name) == release for v in name.plain))
            entries.setdefault(base, []).extend(
                [version] * bool(plain) + [f"{version} {pack}".strip() for pack in packs] + list(name.oem)
            )
        return tuple(Applies(base, tuple(dict.fromkeys(versions))) for base, versions in entries.items())

    def releases(self, applies: Applies) -> tuple[str, ...]:
        """The canonical names of the releases that an entry of `applies_to` means; the product itself without any."""
        names: list[str] = []
        for version in applies.versions:
            key = version.split(" SP")[0] if not version.startswith(("SP", "OSR")) else ""
            names.append(f"{applies.product} {key}".strip())
        return tuple(dict.fromkeys(names)) or (applies.product,)

    def family_of(self, product: str) -> str:
        """The family of a release by its canonical name; the name itself where it has none."""
        found = self.get(product)
        return found.family if found is not None and found.family else self._listed.get(product, product)

    # System lines

    def builds(self, build: int) -> tuple[Product, ...]:
        """Every product of which this is a build, service packs with builds of their own included.

        Several have the same one: 7601 is Windows 7 and Server 2008 R2.
        """
        return self._by_build.get(build, ())

    def for_system(self, system: System | None) -> Product | None:
        """The product that a system line shows: by its name, else by its build."""
        if system is None:
            return None
        named = self.find(system.product) if system.product else None
        if named is not None and self._is_release(named):
            return named
        if system.build is not None:
            found = [p for p in self.builds(system.build) if system.version in {None, p.version}]
            found = [p for p in found if named is None or named.product in {p.product, p.family}] or found
            if len(found) == 1:
                return found[0]
        if named is not None and system.version is not None:
            return self.get(f"{named.product} {system.version}") or named
        return named

    def installed(self, product: Product, system: System | None) -> ServicePack | None:
        """The pack that a system line of `product` proves, number 0 for none; None where it does not tell."""
        if system is None:
            return None
        if system.service_pack is not None:
            packs = [pack for pack in product.service_packs if pack.number == system.service_pack]
            return packs[0] if packs else ServicePack(number=system.service_pack)
        return self.pack_of_build(product, system.build, system.revision)

    def pack_of_build(self, product: Product, build: int | None, revision: int | None = None) -> ServicePack | None:
        """The newest pack whose own build is not above `build.revision`; number 0 where all are, None if untold."""
        if build is None:
            return None
        shown = (build, revision) if revision is not None else (build,)
        known = [(_numbers(pack.build), pack) for pack in product.service_packs if pack.build]
        known = [(numbers, pack) for numbers, pack in known if numbers != (product.build,)]
        if not known or any(len(numbers) > len(shown) and numbers[: len(shown)] == shown for numbers, _ in known):
            return None
        reached = [pack for numbers, pack in known if numbers <= shown]
        first = product.service_packs[0] == known[0][1]
        if reached:
            return reached[-1]
        return ServicePack(number=0) if first and product.build is not None and build >= product.build else None

    def of_file(self, name: str, version: FileVersion) -> tuple[Product, ...]:
        """The products that a file of this name and version belongs to (store.exe 5.5.2653.23: Exchange 5.5).

        `name` may lack its extension, as in a debugger's module list.
        """
        known = self._by_binary.get(name.lower(), ())
        found = (product for product in known if parse_version(product.version) == (*version[:2], 0, 0))
        return tuple(product for product in found if not product.system or product in self.builds(version[2]))

    @property
    def binaries(self) -> tuple[str, ...]:
        """The file names, in lower case, whose versions show a product's build."""
        return tuple(dict.fromkeys(binary for product in self.all for binary in product.binaries))

    # Lineage

    def latest_pack(self, product: str) -> ServicePack | None:
        """The last service pack of a product that can be installed."""
        packs = self._installable(product)
        return packs[-1] if packs else None

    def latest_at(self, product: str, date: str | None) -> ServicePack | None:
        """The last service pack of a product on a day (ISO date): what "the latest" meant in an article of that day.

        The very last where the day is not known, or the packs' dates are not.
        """
        packs = self._installable(product)
        if not packs or date is None or any(pack.released is None for pack in packs):
            return packs[-1] if packs else None
        return next((pack for pack in reversed(packs) if (pack.released or "") <= date), packs[-1])

    def _installable(self, product: str) -> tuple[ServicePack, ...]:
        found = self.get(product)
        return tuple(pack for pack in found.service_packs if not pack.preinstalled) if found is not None else ()

    def pack(self, reference: PackRef) -> ServicePack | None:
        """The pack that a rule names, "latest" resolved; None for one that was never released."""
        if reference.number == "latest":
            return self.latest_pack(reference.product)
        found = self.get(reference.product)
        packs = found.service_packs if found is not None else ()
        order = (reference.number, reference.suffix or "")
        return next((pack for pack in packs if pack.order == order), None)

    def packs_from(self, product: str, pack: ServicePack) -> tuple[ServicePack, ...]:
        """The packs of a product that contain `pack`, itself first: all that follow it where packs are cumulative."""
        found = self.get(product)
        if found is None:
            return ()
        return tuple(
            p for p in found.service_packs if p.order == pack.order or (found.cumulative and p.order > pack.order)
        )

    def carriers(self, product: str) -> tuple[Product, ...]:
        """The products whose packs carry fixes of `product` (Windows 2000 for Internet Information Server 5.0).

        A family is carried where one product alone carries its versions.
        """
        own = self._carriers.get(product)
        if own is not None:
            return own
        family = self.get(product)
        versions = family.versions if family is not None else {}
        found = {carrier.product: carrier for v in versions for carrier in self._carriers.get(f"{product} {v}", ())}
        return tuple(found.values()) if len(found) == 1 else ()

    def carrier_of(self, product: str) -> Product | None:
        """The product whose packs fix `product`: itself where it has packs, else its only carrier, else None."""
        found = self.get(product)
        if found is not None and found.service_packs:
            return found
        carriers = self.carriers(product)
        return carriers[0] if len(carriers) == 1 else None

    def obtained_by(self, article: str) -> Product | None:
        """The product whose service packs this article tells how to obtain, the first of several."""
        return self._by_article.get(article)

    def pack_of_keyword(self, keyword: str) -> PackRef | None:
        """The pack that an article's keyword names: kbWinNT400SP4Fix, kbWin2000PreSP3Fix, exc55sp3fix.

        "PreSP3" says that the fix was made before that pack, and so will be in it; SR is a service release.
        """
        match = _KEYWORD.fullmatch(keyword.lower())
        product = self._by_keyword.get(match["stem"]) if match is not None else None
        if match is None or product is None:
            return None
        return PackRef(product.product, int(match["number"]), match["suffix"])

    # Maps, made when first asked for

    @cached_property
    def _by_name(self) -> dict[str, Product]:
        return {product.product: product for product in self.all}

    @cached_property
    def _listed(self) -> dict[str, str]:
        """Family of each version that has no file of its own."""
        return {f"{p.product} {version}": p.product for p in self.all for version in p.versions}

    @cached_property
    def _aliases(self) -> dict[str, Product]:
        aliases = {alias: product for product in self.all for alias in product.aliases}
        aliases.update((normal(product.product), product) for product in self.all)
        return aliases

    @cached_property
    def _longest(self) -> int:
        return max((alias.count(" ") + 1 for alias in self._aliases), default=0)

    @cached_property
    def _keys(self) -> dict[str, _Keys]:
        """For each family: its releases by number, each with the words that a name must have for it."""
        families: dict[str, _Keys] = {product.product: {} for product in self.all}
        for product in self.all:
            for version, numbers in product.versions.items():
                for number in (version, *numbers):
                    families[product.product].setdefault(number, []).append(
                        (frozenset(), f"{product.product} {version}")
                    )
        for release in self.all:
            if release.family is None:
                continue
            words = frozenset(normal(release.product).split()) & VARIANTS
            key = normal(release.product.removeprefix(release.family)) if not words else ""
            for each in {key, release.version or ""} - {""}:
                families.setdefault(release.family, {}).setdefault(each, []).append((words, release.product))
        for keys in families.values():
            for choices in keys.values():
                choices.sort(key=lambda choice: -len(choice[0]))
        return families

    @cached_property
    def _by_build(self) -> dict[int, tuple[Product, ...]]:
        found: dict[int, list[Product]] = {}
        for product in self.all:
            packs = (pack.build for pack in product.service_packs)
            builds = {_numbers(text)[0] for text in (*packs, *(r.build for r in product.builds)) if text}
            if product.system:
                for build in builds | ({product.build} if product.build is not None else set()):
                    found.setdefault(build, []).append(product)
        return {build: tuple(products) for build, products in found.items()}

    @cached_property
    def _by_binary(self) -> dict[str, tuple[Product, ...]]:
        found: dict[str, list[Product]] = {}
        for product in self.all:
            for binary in product.binaries:
                found.setdefault(binary, []).append(product)
                found.setdefault(binary.rpartition(".")[0], []).append(product)
        return {binary: tuple(products) for binary, products in found.items()}

    @cached_property
    def _carriers(self) -> dict[str, tuple[Product, ...]]:
        found: dict[str, list[Product]] = {}
        for product in self.all:
            for carried in product.carries:
                found.setdefault(carried, []).append(product)
        return {carried: tuple(products) for carried, products in found.items()}

    @cached_property
    def _by_article(self) -> dict[str, Product]:
        found: dict[str, Product] = {}
        for product in self.all:
            if product.service_packs:
                for article in (product.obtain, *product.obtain_also):
                    if article is not None:
                        found.setdefault(article, product)
        return found

    @cached_property
    def _by_keyword(self) -> dict[str, Product]:
        return {stem: product for product in self.all for stem in product.keywords}

    # Names

    def _is_release(self, product: Product) -> bool:
        return bool(product.family or product.system or product.service_packs)

    def _take_apart(self, name: str) -> tuple[Product, Name] | None:
        if name in self._taken:
            return self._taken[name]
        if len(self._taken) >= _CACHE_SIZE:
            self._taken.clear()
        parts = take_apart(name, self._aliases, self._longest)
        taken = None if parts is None else (self._aliases[parts.alias], parts)
        self._taken[name] = taken
        return taken

    def _release(self, product: Product, number: str, name: Name) -> str | None:
        """The release of `product`'s family that a printed number means, words such as "Terminal" heeded."""
        keys = self._keys.get(product.family or product.product, {})
        short = number[:-1] if "." in number and number.endswith("0") else number  # "4.00", "3.20"
        for words, release in keys.get(number if number in keys else short, ()):
            if words <= name.words:
                return release
        return None if self._is_release(product) else f"{product.product} {number}"

    def _variant(self, release: Product, name: Name) -> str:
        """The variant of a release that other words of the name tell: "Windows NT 4.0, Terminal Server Edition"."""
        choices = self._keys.get(release.family or "", {}).get(release.version or "", ())
        return next((variant for words, variant in choices if words and words <= name.words), release.product)

    def _releases(self, product: Product, name: Name) -> tuple[str, ...]:
        if product.family is not None:
            return (self._variant(product, name),)
        keys = self._keys.get(product.product, {})
        numbers = name.versions or tuple(platform for platform in name.platforms if platform in keys)
        found = (self._release(product, number, name) for number in numbers)
        return tuple(dict.fromkeys(release for release in found if release is not None))


def _numbers(build: str) -> tuple[int, ...]:
    return tuple(int(part) for part in build.split(".") if part.isdigit())
