"""What the evidence proves about the machine: which system, which service pack, which files."""

from msgspec import Struct

from triage.knowledge.products import Products
from triage.model.evidence import Evidence, Incident, Module
from triage.model.product import Product, ServicePack
from triage.model.version import FileVersion, parse_version

MANY_MODULES = 10
"""So many modules are a list of all that was loaded; fewer are those just before a crash, and prove no absence."""


class Proof(Struct, frozen=True):
    """A product that is on the machine, its pack (number 0: none; None: not told), and the file that shows it."""

    product: Product
    pack: ServicePack | None
    file: str | None = None


class Machine(Struct, frozen=True):
    """What is known. `systems` holds the system that the source names, then those of the same build.

    Debuggers do not tell Windows 7 from Server 2008 R2, nor Windows NT 4.0 from its Terminal Server Edition.
    """

    systems: tuple[Proof, ...]
    programs: tuple[Proof, ...]
    versions: dict[str, tuple[FileVersion, ...]]
    listed: frozenset[str]
    architecture: str | None = None

    def proof_of(self, product: Product) -> Proof | None:
        """What is known about one product; None where nothing shows that it is there."""
        proofs = self.systems if product.system else self.programs
        return next((proof for proof in proofs if proof.product == product), None)

    @property
    def system(self) -> Product | None:
        """The operating system that the source names, or the first of those that it may be."""
        return self.systems[0].product if self.systems else None


def machine_of(evidence: Evidence, incident: Incident, products: Products) -> Machine:
    """The machine as the system line and the versions of modules show it."""
    listed = [_image(module) for module in evidence.modules if not module.unloaded]
    images = [*(_image(module) for module in incident.modules if not module.unloaded), *listed]
    versions: dict[str, tuple[FileVersion, ...]] = {}
    for image in images:
        if image.version is not None:
            for name in image.names:
                versions[name] = (*versions.get(name, ()), image.version)
    by_file = _proved_by_files(images, products)
    systems = _systems(evidence, products) or tuple(proof for proof in by_file if proof.product.system)
    return Machine(
        systems=tuple(_with_pack(proof, by_file) for proof in systems),
        programs=tuple(proof for proof in by_file if not proof.product.system),
        versions=versions,
        listed=frozenset(name for image in listed for name in image.names),
        architecture=evidence.system.architecture if evidence.system is not None else None,
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


def _systems(evidence: Evidence, products: Products) -> tuple[Proof, ...]:
    system = evidence.system
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


class _Image(Struct, frozen=True):
    names: tuple[str, ...]
    version: FileVersion | None
    printed: str


def _image(module: Module) -> _Image:
    version = parse_version(module.version) or parse_version(module.product_version)
    return _Image(names_of(module), version, " ".join((module.version or module.product_version or "").split()))


def _proved_by_files(images: list[_Image], products: Products) -> tuple[Proof, ...]:
    proofs: dict[str, Proof] = {}
    for image in images:
        if image.version is None:
            continue
        for name in image.names:
            for product in products.of_file(name, image.version):
                pack = products.pack_of_build(product, image.version[2], image.version[3])
                known = proofs.get(product.product)
                if known is None or (known.pack is None and pack is not None):
                    proofs[product.product] = Proof(product, pack, f"{name} {image.printed}")
    return tuple(proofs.values())


def _with_pack(proof: Proof, by_file: tuple[Proof, ...]) -> Proof:
    if proof.pack is not None:
        return proof
    return next((other for other in by_file if other.product == proof.product and other.pack is not None), proof)
