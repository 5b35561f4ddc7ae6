"""A wheel holds the package with the compiled knowledge, and nothing that is only for its making."""

import sys
import zipfile
from pathlib import Path


def main(path: str) -> None:
    with zipfile.ZipFile(path) as wheel:
        names = wheel.namelist()
        packs = [wheel.getinfo(name).file_size for name in names if name == "triage/knowledge/builtin.pack"]
    strangers = [name for name in names if not name.startswith("triage/") and ".dist-info/" not in name]
    sources = [name for name in names if name.endswith((".yaml", ".yml"))]
    if packs == [] or packs[0] < 10_000:
        sys.exit(f"{Path(path).name}: no compiled knowledge in the wheel")
    if strangers or sources:
        sys.exit(f"{Path(path).name}: does not belong into the wheel: {', '.join([*strangers, *sources][:5])}")
    print(f"{len(names)} files, knowledge of {packs[0] / 1e6:.1f} MB")


if __name__ == "__main__":
    main(sys.argv[1])
