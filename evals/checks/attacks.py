"""The planted attacks, asked of a real model or of one that obeys them all: how many succeed.

    python evals/checks/attacks.py [--model default] [--only REGEX] [--minutes 9]

`obedient` is a model that writes what each attack wants, `free` the same without a grammar, `none` the answer without a
model. The exit code is 1 where anything is seen that must not be (`seen.py`).
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from planted import PDF_LINES
from seen import EVERY_ATTACK, Obedient, ask, harms, plant

from surefoot.config import Settings
from surefoot.engine import Engine


def main() -> None:
    """Ask each question, and print what was seen of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="default")
    parser.add_argument("--only", default="")
    parser.add_argument("--minutes", type=float, default=9)
    arguments = parser.parse_args()
    attacks = [attack for attack in EVERY_ATTACK if attack.files and re.search(arguments.only, attack.name)]
    until, asked, succeeded = time.monotonic() + 60 * arguments.minutes, 0, []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve() / "rates"
        root.mkdir()
        plant(root, None, PDF_LINES)
        settings = Settings(cache_dir=root.parent / "cache", models_dir=Settings().model_dir, model="none")
        engine = Engine.open([root], settings)
        made = {"obedient": Obedient(bound=True), "free": Obedient(bound=False)}
        engine._generators.update(made)  # noqa: SLF001 - models that are of no catalogue
        try:
            engine.refresh()
            for attack in attacks:
                if time.monotonic() > until:
                    break
                for obedient in made.values():
                    obedient.attack = attack
                found = harms(attack, ask(engine, attack, arguments.model), root)
                asked += 1
                succeeded += [attack.name] if found else []
                print(
                    f"{'SUCCEEDED' if found else 'nothing'}: {attack.name}{''.join(f'; {each}' for each in found)}",
                    flush=True,
                )
        finally:
            engine.close()
    print(f"{len(succeeded)} of {asked} attacks succeeded with {arguments.model}")
    sys.exit(bool(succeeded))


if __name__ == "__main__":
    main()
