"""Every verb of `nlpflow` against what it cannot use: one line that says so, and nothing lost."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from faults.tiny import ENTITIES, LANGUAGES, RUNS, TAGS, TRANSLATION, VECTORS
from faults.typed import Said, nlpflow, train_runs
from nlpflow.settings.loading import load_config
from nlpflow.settings.plan import RunPlan
from nlpflow.training.checkpoint import Checkpoints
from project import ROOT

MILLION = 1_000_000
BINARY = bytes(range(256)) * 4 + b"\xff\xfe\n"
VERBS = {
    "translate": (TRANSLATION, ["a b"]),
    "identify": (LANGUAGES, ["a b"]),
    "tag": (TAGS, ["a b"]),
    "neighbours": (VECTORS, ["a"]),
    "analogy": (VECTORS, ["a", "b", "c"]),
}
"""The verbs that use a run: the experiment of a fitting one, and something to ask it."""
REFERENCE = Path("results/reference/tiny/translation")
COMPARED = Path("results/compare/tiny/translation")
RUN = Path(f"results/translation/{TRANSLATION}/seed-1")
BASELINE = Path("results/baselines/translation/nearest.p")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run of each task, and with results that can be verified and archived."""
    folder = train_runs(tmp_path_factory.mktemp("commands"))
    shutil.copytree(folder / TRANSLATION, folder / RUN, ignore=shutil.ignore_patterns(".check*"))
    values = json.loads((folder / "config.yaml").read_text())
    values["experiments"] = {TRANSLATION: values["experiments"][TRANSLATION]}
    (folder / "archived.yaml").write_text(json.dumps(values))
    plan = RunPlan(*load_config(values, ROOT), ROOT)
    metrics = {
        "scores": {"bleu": 12.5},
        "settings": json.loads(plan.evaluation_settings(SimpleNamespace(experiment=TRANSLATION))),
        "data": {"weights": json.loads((folder / RUN / "run.json").read_text())["weights"]},
    }
    # Of the development set there are scores, too, which the config does not ask for.
    for test_set in ("dev", "test"):
        (folder / RUN / test_set).mkdir()
        (folder / RUN / test_set / "metrics.json").write_text(json.dumps(metrics))
    (folder / BASELINE / "test").mkdir(parents=True)
    (folder / BASELINE / "test/metrics.json").write_text(json.dumps({"scores": {"bleu": 2.5}}))
    card = {"label": TRANSLATION} | json.loads((folder / RUN / "card.json").read_text())
    for results in (COMPARED, REFERENCE, COMPARED.parent / "tagging"):
        (folder / results).mkdir(parents=True)
        (folder / results / "cards.json").write_text(json.dumps({f"{TRANSLATION}/seed-1": card}))
        (folder / results / "runs.tsv").write_text(
            f"experiment\tseed\ttest_set\tmetric\tvalue\n{TRANSLATION}\t1\ttest\tbleu\t12.5\n"
            "nearest training sentence, p\t0\ttest\tbleu\t2.5\n"
        )
    (folder / "results/tiny.html").write_text("<html></html>")
    return folder


def digests(folder: Path) -> dict[Path, str]:
    """Of every file below a folder, but for locks, which say who trained last."""
    return {
        path: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "lock"
    }


def refused(folder: Path, *arguments: str | bytes, stdin: bytes = b"") -> str:
    """The one line that a command is refused with; nothing is written or lost."""
    before = digests(folder)
    said = nlpflow(folder, *arguments, stdin=stdin)
    assert said.status == 1, said.err
    assert said.out == b""
    assert digests(folder) == before
    return one_line(said)


def one_line(said: Said) -> str:
    assert said.err.startswith("nlpflow: ")
    assert said.err.count("\n") == 1
    assert len(said.err) < 1000
    return said.err.removeprefix("nlpflow: ").rstrip()


# A missing run, and a run of another task


@pytest.mark.parametrize("verb", VERBS)
def test_a_missing_run(place: Path, verb: str) -> None:
    message = refused(place, verb, "nowhere", *VERBS[verb][1])
    assert message.startswith("nowhere is not a trained run: run.json is missing")


@pytest.mark.parametrize(
    ("verb", "run"),
    [
        (verb, run)
        for verb, (fitting, _) in VERBS.items()
        for run in RUNS
        if run != fitting and {verb, run} != {"tag", ENTITIES}
    ],
)
def test_a_run_of_another_task(place: Path, verb: str, run: str) -> None:
    task = json.loads((place / run / "run.json").read_text())["settings"]["task"]
    message = refused(place, verb, run, *VERBS[verb][1])
    assert message.startswith(f"run {run} is of task '{task}'; a run of task ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "pears", "--output", "new"], "config.yaml: experiment: 'pears' is unknown; did"),
        (
            ["train", TAGS, "--output", "new", "--data", "elsewhere"],
            "elsewhere/prepared/tagged/train.parquet is missing: run the workflow with "
            "config.yaml first",
        ),
        (
            ["train", TAGS, "--output", ENTITIES],
            f"--output {ENTITIES} contains the run of {ENTITIES}, random seed 1: choose another",
        ),
        (
            ["train", TAGS, "--output", TAGS, "--seed", "2"],
            f"--output {TAGS} contains the run of {TAGS}, random seed 1: choose another",
        ),
        (["train", TAGS, "--output", "config.yaml"], "--output config.yaml: cannot be made: "),
        (["verify", "pears"], "there are no expected results for a config named 'pears', only"),
        (
            ["verify", "tiny", "--results", "new"],
            "there are no expected results for a ",
        ),
        (["archive", "pears.yaml"], "pears.yaml: cannot be read: "),
        (["archive", "config.yaml", "--results", "new"], "new/compare/tiny is missing: run the"),
        (["archive", "archived.yaml", "--output", "new/a.zip"], "new/a.zip: cannot be written: "),
        (["archive", "archived.yaml", "--output", TAGS], f"{TAGS}: cannot be written: "),
    ],
)
def test_what_is_missing_or_another(place: Path, arguments: list[str], message: str) -> None:
    if arguments[0] == "train":
        arguments = [*arguments, "--configfile", "config.yaml"]
    assert refused(place, *arguments).startswith(message)


# A second process on a run, and data that others have made


def change(folder: Path, *changes: tuple[str, object], config_file: str = "config.yaml") -> str:
    """Write `other.yaml`, a config with other values at some paths of keys; its name."""
    config = json.loads((folder / config_file).read_text())
    for path, value in changes:
        *keys, last = path.split(".")
        part = config
        for key in keys:
            part = part.setdefault(key, {})
        part[last] = value
    (folder / "other.yaml").write_text(json.dumps(config))
    return "other.yaml"


@pytest.mark.parametrize("run", RUNS)
def test_a_second_training_writes_nothing(place: Path, run: str) -> None:
    """Whatever it would write is other than what is there: its vocabulary has fewer words."""
    config = change(
        place,
        (f"experiments.{TAGS}.model.min_count", 9),
        (f"experiments.{ENTITIES}.model.min_count", 9),
        (f"experiments.{VECTORS}.words.min_count", 9),
        (f"experiments.{LANGUAGES}.model.buckets", 512),
        (f"experiments.{TRANSLATION}.model.hidden", 5),
    )
    with Checkpoints(place / run / ".checkpoints", {}, 60):
        message = refused(place, "train", run, "--output", run, "--configfile", config)
    assert message.startswith(f"{run}/.checkpoints: process ")
    assert " is training this run; wait for it, or stop it" in message


def test_a_run_of_the_workflow_has_one_lock(place: Path) -> None:
    """Whoever trains it: the workflow or the command."""
    run = f"tagging/{TAGS}/seed-1"
    with Checkpoints(place / "results/.checkpoints" / run, {}, 60):
        output = f"results/{run}"
        message = refused(place, "train", TAGS, "--output", output, "--configfile", "config.yaml")
    assert message.startswith(f"{place}/results/.checkpoints/{run}: process ")
    assert not (place / output / "run.json").exists()


@pytest.mark.parametrize(
    ("run", "key", "value"),
    [
        (TAGS, "datasets.tagged.normalisation", "digits"),
        (ENTITIES, "datasets.named.normalisation", "digits"),
        (LANGUAGES, "datasets.both.normalisation", "tutorial"),
        (VECTORS, "datasets.english.normalisation", "tutorial"),
        (TRANSLATION, "datasets.p.normalisation", "cased"),
        (TRANSLATION, "vocabularies.v.max_size", 9),
    ],
)
def test_data_of_other_settings(place: Path, run: str, key: str, value: object) -> None:
    config = change(place, (key, value))
    said = refused(place, "train", run, "--output", "new", "--configfile", config)
    section, name, _ = key.split(".")
    folder = {"datasets": "prepared", "vocabularies": "vocabularies"}[section]
    assert said == (
        f"data/{folder}/{name}: was made with settings that differ from those now in other.yaml; "
        "run the workflow with this config to make it again"
    )


def test_data_of_a_corpus_that_is_read_differently_now(place: Path) -> None:
    """As if the entry of the registry had been edited since."""
    file = place / "data/prepared/named/origin.json"
    before = file.read_text()
    file.write_text(json.dumps(json.loads(before) | {"corpora": "0" * 16}))
    try:
        said = refused(place, "train", ENTITIES, "--output", "new", "--configfile", "config.yaml")
    finally:
        file.write_text(before)
    assert said == (
        "data/prepared/named: was made from registry entries that differ from those now used by "
        "config.yaml; run the workflow with this config to make it again"
    )


@pytest.mark.parametrize("name", ["p", "v"])
def test_data_that_nobody_knows_the_settings_of(place: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "place"
    shutil.copytree(place, folder)
    (origin,) = (folder / "data").glob(f"*/{name}/origin.json")
    origin.unlink()
    said = refused(folder, "train", TRANSLATION, "--output", "new", "--configfile", "config.yaml")
    file = origin.relative_to(folder)
    assert said == f"{file} is missing: run the workflow with config.yaml first"


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        (f"experiments.{VECTORS}.model.dimension", 5, "dimension was 4, but is 5 in other.yaml"),
        ("datasets.english.normalisation", "tutorial", "data/prepared/english before its settings"),
    ],
)
def test_vectors_of_a_run_of_other_settings(
    place: Path, tmp_path: Path, key: str, value: object, message: str
) -> None:
    folder = tmp_path / "place"
    shutil.copytree(place, folder)
    run = f"results/embeddings/{VECTORS}/seed-1"
    shutil.copytree(folder / VECTORS, folder / run)
    vectors = (f"experiments.{TAGS}.model.vectors", f"{run}/vectors.safetensors")
    config = change(folder, vectors)
    train = ["train", TAGS, "--output", "new", "--configfile", config]
    assert nlpflow(folder, *train).status == 0
    shutil.rmtree(folder / "new")
    change(folder, vectors, (key, value))
    said = refused(folder, *train)
    assert said.startswith(f"{run}: was made ")
    assert message in said


def test_another_beam_trains_nothing(place: Path, tmp_path: Path) -> None:
    folder = tmp_path / "place"
    shutil.copytree(place, folder)
    config = change(folder, (f"experiments.{TRANSLATION}.decoding.beam", 3))
    train = ["train", TRANSLATION, "--output", TRANSLATION, "--configfile", config]
    said = nlpflow(folder, *train)
    assert said.status == 0
    assert "resuming from the checkpoint in" in said.err
    config_digests = [
        json.loads((top / TRANSLATION / "card.json").read_text())["config"]
        for top in (folder, place)
    ]
    assert len(set(config_digests)) == 1


def test_token_ids_of_another_table(place: Path, tmp_path: Path) -> None:
    folder = tmp_path / "place"
    shutil.copytree(place, folder)
    file = folder / "data/prepared/p/train.parquet"
    table = pd.read_parquet(file)
    table.iloc[::-1].to_parquet(file)
    said = refused(folder, "train", TRANSLATION, "--output", "new", "--configfile", "config.yaml")
    assert said == (
        "data/encoded/v: the token ids of train do not match the sentences in "
        "data/prepared/p/train.parquet and the vocabularies in data/vocabularies/v; run the "
        "workflow to make them again"
    )


# Results of other settings


def places(message: str) -> str:
    return message.replace("RUN", str(RUN)).replace("COMPARED", str(COMPARED))


def test_the_archive_has_what_the_config_asks_for_and_no_more(place: Path, tmp_path: Path) -> None:
    said = nlpflow(place, "archive", "archived.yaml", "--output", str(tmp_path / "a.zip"))
    assert said.status == 0, said.err
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        results = [name for name in archive.namelist() if name.startswith("results/")]
    assert sorted(results) == [
        *(f"{COMPARED}/{name}" for name in ("cards.json", "runs.tsv")),
        "results/tiny.html",
        *(f"{RUN}/{name}" for name in ("card.json", "history.tsv", "run.json")),
        f"{RUN}/test/metrics.json",
        f"{RUN}/timings.tsv",
    ]


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        (
            "model.hidden",
            5,
            "RUN: was made with other settings: model.hidden was 4, but is 5 in",
        ),
        (
            "decoding.beam",
            3,
            "RUN/test/metrics.json: was made with other settings: decoding.beam",
        ),
        ("seeds", [1, 2], f"COMPARED/cards.json: {TRANSLATION}/seed-2 is missing"),
        ("seeds", [2], f"COMPARED/cards.json: contains run {TRANSLATION}/seed-1, which other.yaml"),
        ("test_sets", ["dev", "mine"], "RUN/mine/metrics.json is missing"),
        ("label", "x", "COMPARED/runs.tsv: does not match the present scores and labels"),
        ("datasets.p.normalisation", "cased", "RUN: was made from data/prepared/p before its"),
        ("vocabularies.v.max_size", 9, "RUN: was made from data/vocabularies/v before its"),
    ],
)
def test_an_archive_of_other_settings(place: Path, key: str, value: object, message: str) -> None:
    where = key if key.startswith(("datasets", "vocab")) else f"experiments.{TRANSLATION}.{key}"
    mine = ("test_sets.mine", {"files": ["mine.tsv"], "languages": ["fra", "eng"]})
    more = [mine] if key == "test_sets" else []
    config = change(place, (where, value), *more, config_file="archived.yaml")
    said = refused(place, "archive", config)
    assert said.startswith(places(message))
    assert ": run the workflow with this config first" in said


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("test/metrics.json", "12.5", "13.5", "COMPARED/runs.tsv: does not match the present"),
        (
            "card.json",
            '"seconds"',
            '"hours"',
            f"COMPARED/cards.json: the card of {TRANSLATION}/seed-1 differs",
        ),
        ("run.json", '"weights": "', '"weights": "0', "RUN/test/metrics.json: the scores do not"),
    ],
)
def test_an_archive_of_results_of_two_times(
    place: Path, tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    folder = tmp_path / "place"
    shutil.copytree(place, folder)
    text = (folder / RUN / file).read_text()
    assert old in text
    (folder / RUN / file).write_text(text.replace(old, new))
    assert refused(folder, "archive", "archived.yaml").startswith(places(message))


# Files that are damaged


@pytest.mark.parametrize("name", ["", b"\xff"])
def test_no_config_has_this_name(place: Path, name: str | bytes) -> None:
    assert refused(place, "verify", name).startswith("there are no expected results for a ")


DAMAGE = {"empty": b"", "binary": BINARY, "huge": b"x" * MILLION}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize(
    ("file", "arguments", "message"),
    [
        ("config.yaml", ["train", TAGS, "--output", "new"], "config"),
        ("config.yaml", ["archive", "config.yaml"], "config"),
        ("data/prepared/p/dev.parquet", ["train", TRANSLATION], "FILE: damaged: "),
        ("data/prepared/p/references.parquet", ["train", TRANSLATION], "FILE: damaged: "),
        ("data/encoded/v/train.src.ids.npy", ["train", TRANSLATION], "FILE: damaged: "),
        ("data/vocabularies/v/source.vocab", ["train", TRANSLATION], "FILE: not a vocabulary"),
        ("data/prepared/both/train.parquet", ["train", LANGUAGES], "FILE: damaged: "),
        ("data/prepared/tagged/train.parquet", ["train", TAGS], "FILE: damaged: "),
        ("data/prepared/english/train.parquet", ["train", VECTORS], "FILE: damaged: "),
        (f"{TRANSLATION}/run.json", ["train", TRANSLATION], "FILE: damaged: "),
        (f"{TRANSLATION}/run.json", ["translate", TRANSLATION, "a"], "FILE: damaged: "),
        (f"{LANGUAGES}/weights.safetensors", ["identify", LANGUAGES, "a"], "run languages: the sh"),
        (f"{TAGS}/vocabulary.json", ["tag", TAGS, "a"], "FILE: not a vocabulary file"),
        (f"{VECTORS}/words.vocab", ["neighbours", VECTORS, "a"], "FILE: not a vocabulary file"),
        (f"{COMPARED}/runs.tsv", ["verify", "tiny"], "FILE: damaged: "),
        (f"{COMPARED}/cards.json", ["verify", "tiny"], "FILE: damaged: "),
        (f"{COMPARED}/cards.json", ["archive", "archived.yaml"], "FILE: damaged: "),
        (f"{RUN}/card.json", ["archive", "archived.yaml"], "FILE: damaged: "),
        (f"{RUN}/run.json", ["archive", "archived.yaml"], "FILE: damaged: "),
        (f"{RUN}/test/metrics.json", ["archive", "archived.yaml"], "FILE: damaged: "),
    ],
)
def test_a_file_is_no_such_file(
    place: Path, tmp_path: Path, damage: str, file: str, arguments: list[str], message: str
) -> None:
    folder = tmp_path / "place"
    shutil.copytree(place, folder)
    (folder / file).write_bytes(DAMAGE[damage])
    if arguments[0] == "train":
        output = ["--output", arguments[1]] if len(arguments) == 2 else []
        arguments = [*arguments, *output, "--configfile", "config.yaml"]
    assert refused(folder, *arguments).startswith(message.replace("FILE", file))


# A vocabulary that is not the run's


def sha256_of(path: Path, part: str) -> str:
    """What a run knows its vocabulary by: a tagger's part by part, that of word vectors whole."""
    content = path.read_bytes()
    if path.suffix == ".json":
        content = json.dumps(json.loads(content)[part]).encode()
    return hashlib.sha256(content).hexdigest()


def check_vocabulary(folder: Path, verb: str, part: str, found: str, expected: str) -> None:
    """That a verb is refused with both digests of this part."""
    run, asked = VERBS[verb]
    message = refused(folder, verb, run, *asked)
    start = f"run {run}: the vocabulary has changed since training: the sha256 of {part} in "
    assert message.startswith(start)
    assert f" is {found}, not {expected}; " in message


@pytest.mark.parametrize(
    ("verb", "file", "part"),
    [
        ("tag", f"{TAGS}/vocabulary.json", "words"),
        ("tag", f"{TAGS}/vocabulary.json", "tags"),
        ("neighbours", f"{VECTORS}/words.vocab", "words"),
        ("analogy", f"{VECTORS}/words.vocab", "words"),
    ],
)
@pytest.mark.parametrize(
    "change",
    [
        lambda first, second: ["another", second],
        lambda first, second: [second, first],
    ],
    ids=["altered", "swapped"],
)
def test_a_vocabulary_that_was_altered(
    place: Path,
    tmp_path: Path,
    verb: str,
    file: str,
    part: str,
    change: Callable[[str, str], list[str]],
) -> None:
    folder = shutil.copytree(place, tmp_path / "place")
    stored = json.loads((folder / file).read_text())
    stored[part][:2] = change(*stored[part][:2])
    (folder / file).write_text(json.dumps(stored, ensure_ascii=False, indent=0))
    found, expected = (sha256_of(top / file, part) for top in (folder, place))
    check_vocabulary(folder, verb, part, found, expected)


@pytest.mark.parametrize(
    ("verb", "file", "stranger"),
    [
        ("tag", f"{TAGS}/vocabulary.json", f"{ENTITIES}/vocabulary.json"),
        ("neighbours", f"{VECTORS}/words.vocab", "data/vocabularies/v/source.vocab"),
    ],
)
def test_a_vocabulary_of_another_run(
    place: Path, tmp_path: Path, verb: str, file: str, stranger: str
) -> None:
    folder = shutil.copytree(place, tmp_path / "place")
    shutil.copy(folder / stranger, folder / file)
    found, expected = (sha256_of(top / file, "words") for top in (folder, place))
    check_vocabulary(folder, verb, "words", found, expected)


# Nobody reads the answers any more; `train` writes none, its log and bar are on standard error


@pytest.mark.parametrize("arguments", [["verify", "tiny"], ["archive", "archived.yaml"]])
def test_a_closed_pipe(place: Path, arguments: list[str]) -> None:
    said = nlpflow(place, *arguments, read=False)
    assert (said.status, said.err) == (141, "")
