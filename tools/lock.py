"""Resolves the dependencies anew: hashed, without addresses, for every Python from 3.11 on."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = Path(sys.executable).parent / "uv"

for name in ("uv", "node", "run", "dev"):
    source = ROOT / "requirements" / f"{name}.in"
    command = [UV, "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--upgrade"]
    command += ["--no-annotate", "--no-header", "--python-version", "3.11"]
    subprocess.run([*command, source, "-o", source.with_suffix(".txt")], check=True)
    print(f"requirements/{name}.txt")
