r"""Time and memory of the stages that prepare data, from 10,000 pairs up.

The pairs are those of a prepared table and perturbed copies of them: in each copy one word of each
side is replaced by another word of the corpus, or now and then by a new one. Each stage runs in a
process of its own, which can be refused more memory than a limit. The script prints a line for each
stage and size, and the slope between the two largest sizes; it writes a table and, if asked, a
plot.

    snakemake --configfile config/french.yaml --cores 2 data/prepared/french/train.parquet
    python benchmarks/scale.py data/prepared/french/train.parquet --most 5000000 --limit 4
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

RAW, PREPARED = "pairs.tsv", "prepared"
LANGUAGES = ("eng", "fra")
NEW_WORDS = 0.02
"""Share of replacements that are words which the corpus does not have."""
SUBWORDS = 3000
GIB = 1024**3


def main() -> None:
    """Measure every stage at every size."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pairs", type=Path, help="a prepared table; or a folder, with --stage")
    parser.add_argument("--most", type=int, default=1_000_000, help="pairs (%(default)s)")
    parser.add_argument("--limit", type=float, help="GiB that a stage may use (default: no limit)")
    parser.add_argument("--folder", type=Path, help="for the data (default: a temporary one)")
    parser.add_argument("--output", type=Path, default=Path("results/benchmarks/scale"))
    parser.add_argument("--plot", type=Path, help="an SVG or PNG file")
    parser.add_argument("--stage", choices=STAGES, help=argparse.SUPPRESS)
    values = parser.parse_args()
    if values.stage:
        print(json.dumps(run_stage(values.stage, values.pairs)))
        return
    sizes = [10**power for power in range(4, 12) if 10**power < values.most]
    rows = []
    for size in [*sizes, values.most]:
        with tempfile.TemporaryDirectory(dir=values.folder) as name:
            write_pairs(values.pairs, size, Path(name) / RAW)
            for stage in STAGES:
                rows.append({"stage": stage, "pairs": size} | measure(stage, name, values.limit))
                print(*(f"{key} {value}" for key, value in rows[-1].items()), sep=", ", flush=True)
    report(rows, values)


def write_pairs(table: Path, size: int, path: Path) -> None:
    """Write so many pairs as a raw file: those of the table, then perturbed copies."""
    with path.open("w", encoding="utf-8") as stream:
        for number, sides in enumerate(perturbed(table)):
            if number == size:
                return
            stream.write("\t".join(sides) + "\n")


def perturbed(table: Path) -> Iterator[tuple[str, str]]:
    """Pairs without end."""
    import pandas as pd

    columns = ["target_raw", "source_raw"]
    pairs = list(pd.read_parquet(table, columns=columns).itertuples(index=False, name=None))
    draw = random.Random(1)
    draw.shuffle(pairs)  # the shortest ones come first
    yield from pairs
    sides = zip(*pairs, strict=True)
    words = [sorted({word for text in side for word in text.split()}) for side in sides]
    new = 0
    while True:
        for pair in pairs:
            copy = []
            for text, known in zip(pair, words, strict=True):
                parts = text.split(" ")
                word = known[int(draw.random() * len(known))]
                if draw.random() < NEW_WORDS:
                    new += 1
                    word = f"{word}{new:x}"
                parts[int(draw.random() * len(parts))] = word
                copy.append(" ".join(parts))
            yield copy[0], copy[1]


def measure(stage: str, folder: str, limit: float | None) -> dict[str, Any]:
    """Run a stage in a process of its own."""

    def limited() -> None:
        if limit is not None:
            most = int(limit * GIB)
            resource.setrlimit(resource.RLIMIT_DATA, (most, most))

    command = [sys.executable, __file__, folder, "--stage", stage]
    done = subprocess.run(command, preexec_fn=limited, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"stage {stage} fails:\n{done.stderr[-4000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def run_stage(stage: str, folder: Path) -> dict[str, float]:
    """Run a stage in this process; its processor seconds and peak memory."""
    begun = time.perf_counter()
    STAGES[stage](folder)
    return {
        "seconds": round(time.perf_counter() - begun, 2),
        "processor_seconds": round(time.process_time(), 2),
        "peak_mb": peak_mb(),
        "bytes": sum(file.stat().st_size for file in made(stage, folder)),
    }


def peak_mb() -> int:
    """The peak memory of this process, without that of the one which has started it."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    (kilobytes,) = (int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    return round(kilobytes * 1024 / 1e6)


def prepare_pairs(folder: Path) -> None:
    """Normalise, split and filter."""
    from nlpflow.corpora.pairs import read_batches
    from nlpflow.prepare.pairs import prepare
    from nlpflow.settings.data import FilterSettings, PairDataset, PairSplitSettings
    from nlpflow.settings.registry import Corpus, CorpusFile

    corpus = Corpus(
        title="Perturbed pairs",
        licence="as the corpus",
        attribution="as the corpus",
        reader="tsv",
        languages=LANGUAGES,
        files=(CorpusFile(address=RAW),),
    )
    dataset = PairDataset(
        kind="pairs",
        corpus="perturbed",
        source="fra",
        target="eng",
        normalisation="cased",
        # Another salt than that of the table, all of whose pairs are drawn as training pairs.
        split=PairSplitSettings(salt="perturbed"),
        filters=FilterSettings(fewer_tokens_than=31),
    )
    reading = read_batches("perturbed", corpus, {RAW: folder / RAW}, None)
    prepare("perturbed", dataset, corpus, reading, folder / PREPARED)


def check_leakage(folder: Path) -> None:
    """Check that no sentence is in two splits."""
    from nlpflow.prepare.leakage import check, read_split

    splits = ("train", "dev", "test")
    check({split: read_split(folder / PREPARED / f"{split}.parquet") for split in splits})


def build_vocabulary(folder: Path, kind: str) -> None:
    """Count words or train subwords, and measure their coverage of the dev set."""
    from nlpflow.settings.vocabulary import VocabularySettings
    from nlpflow.tables import StoredTable
    from nlpflow.vocabulary import build_vocabularies, coverage

    size = {"max_size": SUBWORDS} if kind == "subwords" else {}
    settings = VocabularySettings.model_validate({"dataset": "perturbed", "kind": kind} | size)
    tables = [StoredTable(folder / PREPARED / f"{split}.parquet") for split in ("train", "dev")]
    train = {side: tables[0].column(side) for side in ("source", "target")}
    for side, vocabulary in build_vocabularies(train, settings).items():
        vocabulary.save(folder / f"{kind}.{side}")
        coverage(vocabulary, tables[1].column(side))


def encode(folder: Path, kind: str) -> None:
    """Encode the training and dev set."""
    from nlpflow.vocabulary import load_vocabulary
    from nlpflow.vocabulary.encoded import encode_table, write_encoded

    sides = [load_vocabulary(folder / f"{kind}.{side}") for side in ("source", "target")]
    for split in ("train", "dev"):
        table = folder / PREPARED / f"{split}.parquet"
        write_encoded(folder / f"encoded {kind}", split, encode_table(table, *sides))


STAGES: dict[str, Callable[[Path], None]] = {
    "prepare": prepare_pairs,
    "check_leakage": check_leakage,
    "vocabulary, subwords": lambda folder: build_vocabulary(folder, "subwords"),
    "vocabulary, words": lambda folder: build_vocabulary(folder, "words"),
    "encode, subwords": lambda folder: encode(folder, "subwords"),
    "encode, words": lambda folder: encode(folder, "words"),
}


def made(stage: str, folder: Path) -> list[Path]:
    """The files that a stage makes, if they grow with the data."""
    name, _, kind = stage.partition(", ")
    places = {"prepare": PREPARED, "encode": f"encoded {kind}"}
    return [*(folder / places[name]).iterdir()] if name in places else []


def report(rows: list[dict[str, Any]], values: argparse.Namespace) -> None:
    """Print the slopes between the two largest sizes, and write table and plot."""
    import pandas as pd

    from nlpflow.tables import write_table

    table = pd.DataFrame(rows)
    values.output.mkdir(parents=True, exist_ok=True)
    write_table(values.output / "scale.tsv", table)
    print("per additional pair, between the two largest sizes:")
    for stage, part in table.groupby("stage", sort=False):
        change = part.drop(columns="stage").diff().iloc[-1]
        seconds, memory, disk = (
            change[name] / change["pairs"] * unit
            for name, unit in (("processor_seconds", 1e6), ("peak_mb", 1e6), ("bytes", 1))
        )
        print(f"{stage}: {seconds:.1f} µs, {memory:.0f} bytes of memory, {disk:.0f} on disk")
    if values.plot is not None:
        draw_plot(table, values.plot, values.limit)


def draw_plot(table: "pd.DataFrame", path: Path, limit: float | None) -> None:
    """Plot processor time and peak memory over the number of pairs."""
    from matplotlib.figure import Figure

    from nlpflow.figures.style import Style, save, styled

    style = Style(width=9.0)
    with styled(style):
        figure = Figure(figsize=(style.width, 3.6), layout="constrained")
        times, memories = figure.subplots(1, 2)
        for stage, part in table.groupby("stage", sort=False):
            times.plot(part["pairs"], part["processor_seconds"], marker=".", label=stage)
            memories.plot(part["pairs"], part["peak_mb"] / 1000, marker=".")
        if limit is not None:
            memories.axhline(limit * GIB / 1e9, color="#666666", linestyle=":")
        times.set(xscale="log", yscale="log", xlabel="pairs", ylabel="processor seconds")
        memories.set(xscale="log", xlabel="pairs", ylabel="peak memory, GB", ylim=(0, None))
        for axes in (times, memories):
            axes.grid(visible=True)
        times.legend()
    save(figure, path.with_suffix(""), style, [path.suffix.removeprefix(".")])


if __name__ == "__main__":
    main()
