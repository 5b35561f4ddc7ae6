"""What the evidence and an inventory prove about the machine: which system, which service pack, which files."""

from msgspec import Struct
from msgspec.structs import replace

from triage.advice import branches
from triage.advice.branches import Version
from triage.advice.inventory import Stock
from triage.formats.combine import join_systems
from triage.knowledge.products import Products
from triage.model.evidence import Evidence, Incident, Module, System
from triage.model.product import Product, ServicePack

MANY_MODULES = 10
"""So many modules are a list of all that was loaded; fewer are those just before a crash, and prove no absence."""


class Proof(Struct, frozen=True):
    """A product that is on the machine, its pack (number 0: none; None: not told), and the file that shows it."""

    product: Product
    pack: ServicePack | None
    file: str | None = None


class Image(Struct, frozen=True):
    """A file that is there: the names that it may be asked for by, its version, link time (seconds since 1970), path.

    `stored` says that it comes from an inventory and not from the log, which shows what was loaded.
    """

    names: tuple[str, ...]
    version: Version | None
    timestamp: int | None = None
    path: str | None = None
    stored: bool = False


class Machine(Struct, frozen=True):
    """What is known. `systems` holds the system that the source names, then those of the same build.

    Debuggers do not tell Windows 7 from Server 2008 R2, nor Windows NT 4.0 from its Terminal Server Edition.
    `listed` are the files of a list of all that was loaded; `hotfixes` the updates that the system lists.
    """

    systems: tuple[Proof, ...]
    programs: tuple[Proof, ...]
    images: dict[str, tuple[Image, ...]]
    listed: frozenset[str]
    architecture: str | None = None
    hotfixes: frozenset[str] = frozenset()
    stock: Stock | None = None

    def proof_of(self, product: Product) -> Proof | None:
        """What is known about one product; None where nothing shows that it is there."""
        proofs = self.systems if product.system else self.programs
        return next((proof for proof in proofs if proof.product == product), None)

    def found(self, name: str) -> tuple[Image, ...]:
        """The files of this name (lower case, with extension): those of the log, else those of the inventory."""
        images = self.images.get(name) or self.images.get(name.rpartition(".")[0] or name, ())
        if any(image.version is not None for image in images) or self.stock is None:
            return images
        return tuple(_image(module, stored=True) for module in self.stock.named(name)) or images

    @property
    def system(self) -> Product | None:
        """The operating system that the source names, or the first of those that it may be."""
        return self.systems[0].product if self.systems else None


def machine_of(evidence: Evidence, incident: Incident, products: Products, stock: Stock | None = None) -> Machine:
    """The machine as the system line, the versions of modules and the inventory show it."""
    listed = [_image(module) for module in evidence.modules if not module.unloaded]
    loaded = [*(_image(module) for module in incident.modules if not module.unloaded), *listed]
    images: dict[str, tuple[Image, ...]] = {}
    for image in loaded:
        for name in image.names:
            images[name] = (*images.get(name, ()), image)
    kept = [_image(module, stored=True) for name in products.binaries for module in stock.named(name)] if stock else []
    by_file = _proved_by_files([*loaded, *kept], products)
    system = _system(evidence.system, stock.system if stock is not None else None)
    systems = _systems(system, products) or tuple(proof for proof in by_file if proof.product.system)
    return Machine(
        systems=tuple(_with_pack(proof, by_file) for proof in systems),
        programs=tuple(proof for proof in by_file if not proof.product.system),
        images=images,
        listed=frozenset(name for image in listed for name in image.names),
        architecture=system.architecture if system is not None else None,
        hotfixes=frozenset(system.hotfixes) if system is not None else frozenset(),
        stock=stock,
    )


def _system(told: System | None, taken: System | None) -> System | None:
    """What the source tells of the system, and what the inventory does where both can be of one machine."""
    joined = join_systems(told, taken)
    if told is None or taken is None or joined is None or joined is told:  # nothing to join, or another machine
        return joined
    return replace(
        joined,
        product=taken.product or told.product,  # systeminfo tells servers from workstations, which debuggers do not
        hotfixes=tuple(dict.fromkeys((*told.hotfixes, *taken.hotfixes))),
    )


def names_of(module: Module) -> tuple[str, ...]:
    """The file names, in lower case, by which a module may be asked for.

    Debuggers list modules without extension (`lm` shows "srv"), with it ("srv.sys"), or with a path, whose file name
    is then the only certain one: module "store" may be store.exe or store.dll.
    """
    name = module.name.lower()
    image = module.path.replace("/", "\\").rpartition("\\")[2].lower() if module.path else ""
    if not image:
        return (name,) if name else ()
    return (image, name) if "." in name and name != image else (image,)


def _systems(system: System | None, products: Products) -> tuple[Proof, ...]:
    if system is None:
        return ()
    named = products.for_system(system)
    build = named.build if named is not None and system.build is None else system.build
    same = products.builds(build) if build is not None else ()
    version = named.version if named is not None else system.version
    fitting = [p for p in same if p != named and version in {None, p.version}]
    if named is not None and named.system:
        fitting.insert(0, named)
    return tuple(Proof(p, products.installed(p, system)) for p in fitting)


def _image(module: Module, *, stored: bool = False) -> Image:
    version = branches.read(module.version) or branches.read(module.product_version)
    return Image(names_of(module), version, module.timestamp, module.path, stored)


def _proved_by_files(images: list[Image], products: Products) -> tuple[Proof, ...]:
    proofs: dict[str, Proof] = {}
    for image in images:
        if image.version is None:
            continue
        numbers = image.version.numbers
        for name in image.names:
            for product in products.of_file(name, numbers):
                pack = products.pack_of_build(product, numbers[2], numbers[3])
                known = proofs.get(product.product)
                if known is None or (known.pack is None and pack is not None):
                    proofs[product.product] = Proof(product, pack, f"{name} {image.version.text}")
    return tuple(proofs.values())


def _with_pack(proof: Proof, by_file: tuple[Proof, ...]) -> Proof:
    if proof.pack is not None:
        return proof
    return next((other for other in by_file if other.product == proof.product and other.pack is not None), proof)
