"""Run the README's two one-line commands (in `sh` blocks marked `# try it` and `# test it`) in a copy of the tree.

python tests/e2e/readme_commands.py FOLDER
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMANDS = re.compile(r"```sh\n# (try|test) it\n(.+?)\n```", re.DOTALL)


def main(folder: str) -> None:
    tree = Path(folder)
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout.split(b"\0")
    for name in (file.decode() for file in files if file):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tree / name)
    commands = COMMANDS.findall((ROOT / "README.md").read_text("utf-8"))
    if [kind for kind, _ in commands] != ["try", "test"]:
        sys.exit("README.md: there must be one command to try triage and one to run its tests, in this order")
    for kind, command in commands:
        print(f"-- {kind} it: {command}", flush=True)
        subprocess.run(["bash", "-euo", "pipefail", "-c", command], cwd=tree, check=True)


if __name__ == "__main__":
    main(sys.argv[1])
