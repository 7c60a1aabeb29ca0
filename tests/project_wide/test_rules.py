"""What Snakemake does not check in rules that are derived from others."""

import re
from pathlib import Path

RULES = "\n".join(path.read_text() for path in (Path(__file__).parents[2] / "rules").glob("*.smk"))
DERIVED = re.compile(r"^use rule figures as (\w+) with:\n((?:    .*\n|\n)*)", re.MULTILINE)


def test_figures_of_every_task_are_local() -> None:
    """`use rule` does not hand `localrule` on."""
    blocks = dict(DERIVED.findall(RULES))
    assert "figures_translation" in blocks
    assert not [name for name, block in blocks.items() if "    localrule: True\n" not in block]
