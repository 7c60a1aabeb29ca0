"""docs/architecture.md is true: the files that it lists exist, its checklists are complete."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from project import ROOT, Project

pytestmark = pytest.mark.long

PAGE = (ROOT / "docs/architecture.md").read_text()
LIBRARY = ROOT / "workflow/nlpflow"
NEW_TASK = Path(__file__).parent / "new_task"
MOST_FILES, LONGEST_MODULE = 32, 300


def section(title: str) -> str:
    return PAGE.split(f"## {title}")[1].split("\n## ")[0]


def checklist(title: str) -> list[str]:
    """The files that a change touches."""
    part = PAGE.split(f"**{title}**\n")[1].split("\n**")[0]
    return re.findall(r"^\d\. `([^`]+)`", part, re.MULTILINE)


def test_files_of_one_sentence() -> None:
    table = section("One sentence, from the zip").split("|", 1)[1]
    files = re.findall(r"`([^` ]+\.(?:py|smk))`", table)
    missing = [f for f in files if not ((ROOT / f).is_file() or (LIBRARY / f).is_file())]
    assert missing == []
    assert len(files) == len(set(files)) <= MOST_FILES


def test_modules_are_short_and_in_rooms() -> None:
    long = [p for p in LIBRARY.rglob("*.py") if len(p.read_text().splitlines()) > LONGEST_MODULE]
    assert long == []
    loose = {path.stem for path in LIBRARY.glob("*.py")} - {"__init__"}
    assert loose == {"errors", "jobs", "tables"}


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A copy to be edited."""
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(LIBRARY, tmp_path / "nlpflow", ignore=ignore)
    return tmp_path / "nlpflow"


def edit(file: Path, *changes: tuple[str, str]) -> None:
    text = file.read_text()
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    file.write_text(text)


def run(library: Path, code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(library.parent), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


LAST_WORD = '''
class LastWord(Attention):
    """Looks at the last token."""

    def __init__(self, values: int):
        super().__init__()
        self.context_size = values

    def forward(self, query: Tensor, hidden: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        """See `Attention.forward`."""
        places = memory.mask.sum(dim=1) - 1
        weights = nn.functional.one_hot(places, memory.mask.shape[1]).to(memory.values)
        states = len(hidden) // len(weights)
        return weighted_sum(weights.unsqueeze(1).expand(-1, states, -1), memory)


ATTENTIONS:'''


def test_a_new_attention_touches_two_files(library: Path) -> None:
    attention, settings = (library / file for file in checklist("A new attention mechanism"))
    edit(
        attention,
        ("\nATTENTIONS:", LAST_WORD),
        (
            '    "dot": lambda',
            '    "last": lambda sizes: LastWord(sizes.values),\n    "dot": lambda',
        ),
    )
    edit(settings, ('"local-p", "multi-head"', '"local-p", "multi-head", "last"'))
    code = (
        "import torch\n"
        "from nlpflow.settings.translation_model import GRUModel\n"
        "from nlpflow.tasks.translation.model import build_seq2seq\n"
        "settings = GRUModel(attention='last', embedding=4, hidden=4)\n"
        "model = build_seq2seq(settings, 9, 9, 5)\n"
        "src = torch.tensor([[4, 5, 3], [4, 3, 0]])\n"
        "_, weights = model.teacher_forced(src, torch.tensor([3, 2]), src)\n"
        "print(weights.argmax(2).tolist())"
    )
    assert run(library, code) == "[[2, 2, 2], [1, 1, 1]]"


def test_a_new_metric_touches_two_files(library: Path) -> None:
    metrics, names = (library / file for file in checklist("A new metric of translations"))
    edit(
        metrics,
        ("    exact: float\n", "    exact: float\n    no_text: float\n"),
        (
            "        100 * hits / len(hypotheses),\n",
            "        100 * hits / len(hypotheses),\n"
            "        100 * sum(not text for text in hypotheses) / len(hypotheses),\n",
        ),
        (
            '    return {\n        "bleu": Statistic(',
            "    empty = [[''] for _ in outputs]\n"
            "    return {\n"
            '        "no_text": Statistic(exact_statistics(outputs, empty), accuracy_aggregate),\n'
            '        "bleu": Statistic(',
        ),
    )
    edit(
        names,
        (
            '    "exact": Score("exact match"),\n',
            '    "exact": Score("exact match"),\n    "no_text": Score("empty outputs"),\n',
        ),
    )
    code = (
        "from nlpflow.metrics.names import metric_heading\n"
        "import pandas as pd\n"
        "from nlpflow.metrics.translation import METRICS, score, statistics\n"
        "print('no_text' in METRICS, score(['a', ''], [['a'], ['b']]).no_text)\n"
        "table = pd.DataFrame({'output': ['a', ''], 'references': ['a', 'b']})\n"
        "sums, aggregate = statistics(table, {})['no_text']\n"
        "print(aggregate(sums.sum(axis=0)))\n"
        "print(metric_heading('no_text_normalised'))"
    )
    assert run(library, code) == "True 50.0\n50.0\nempty outputs (normalised), %"


SPEC = """
GUESS = TaskSpec(
    name="guess",
    title="guess",
    experiment=GuessExperiment,
    train="nlpflow.tasks.guess.training.train",
    evaluate="nlpflow.tasks.guess.evaluation.evaluate",
    plot="nlpflow.tasks.guess.figures.plot",
    reads=SPLIT_FILES | LEAKAGE,
    evaluation_settings=frozenset(),
    tables=("predictions",),
    plots={"curves": ReportedFile("curves.svg", "guess_curves.rst", "curves")},
    plotted=(),
)

TASKS ="""


@pytest.mark.slow
@pytest.mark.long
def test_a_new_task_touches_eight_files(tmp_path: Path) -> None:
    """From its files to its comparison, by the workflow itself."""
    project = Project(tmp_path)
    names = {"<task>": "guess", "<network>": "guess"}
    files = checklist("A new task")
    assert len(files) <= 8
    for old, new in names.items():
        files = [file.replace(old, new) for file in files]
    listed = {file if file.startswith("workflow") else f"workflow/nlpflow/{file}" for file in files}
    written = {
        str(p.relative_to(NEW_TASK)) for p in NEW_TASK.rglob("*") if p.suffix in (".py", ".rst")
    }
    assert listed == written | {"workflow/nlpflow/settings/tasks.py"}
    shutil.copytree(NEW_TASK, tmp_path, dirs_exist_ok=True)
    edit(
        tmp_path / "workflow/nlpflow/settings/tasks.py",
        (
            "from nlpflow.settings.labelling",
            "from nlpflow.settings.guess import GuessExperiment\nfrom nlpflow.settings.labelling",
        ),
        ("\nTASKS =", SPEC),
        ("        EMBEDDINGS,\n", "        EMBEDDINGS,\n        GUESS,\n"),
        ("    | EmbeddingsExperiment\n", "    | EmbeddingsExperiment\n    | GuessExperiment\n"),
    )
    config = {
        "name": "guessed",
        "datasets": {"s": {"kind": "sentences", "corpora": ["sample-sentences"]}},
        "experiments": {"lengths": {"task": "guess", "dataset": "s", "training": {"epochs": 2}}},
    }
    (tmp_path / "config/guessed.yaml").write_text(yaml.safe_dump(config))
    result = project.snakemake("--configfile", "config/guessed.yaml")
    assert result.returncode == 0, result.stderr
    rows = (tmp_path / "results/compare/guessed/guess/runs.tsv").read_text().splitlines()
    experiment, _, _, metric, value = rows[1].split("\t")
    assert (experiment, metric) == ("lengths", "accuracy")
    assert float(value) > 100 / 6  # better than chance on six languages
    assert (tmp_path / "results/guess/lengths/seed-1/figures/curves.svg").is_file()
