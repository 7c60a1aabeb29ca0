"""The baseline of translation answers with the translation of the nearest training sentence."""

from pathlib import Path

import pandas as pd
import pytest

from nlpflow.metrics.translation import METRICS, SEPARATOR, score
from nlpflow.tables import read_json
from nlpflow.tasks.interface import BaselineJob
from nlpflow.tasks.translation.baselines import evaluate

PAIRS = [
    ("je suis un homme", "i am a man", "I am a man."),
    ("elle est une femme", "she is a woman", "She is a woman."),
    ("je lis un livre", "i read a book", "I read a book."),
]


@pytest.mark.parametrize(("normalisation", "suffix"), [("tutorial", "_normalised"), ("cased", "")])
def test_looks_up_and_scores(normalisation: str, suffix: str, tmp_path: Path) -> None:
    columns = ["source", "target", "target_raw"]
    tables = {name: tmp_path / f"{name}.parquet" for name in ("train", "test", "references")}
    pd.DataFrame(PAIRS, columns=columns).to_parquet(tables["train"])
    test = pd.DataFrame(
        [("tu lis un livre", "you read a book", "You read a book."), *PAIRS[:2]], columns=columns
    )
    test.to_parquet(tables["test"])
    test.assign(split="test").to_parquet(tables["references"])
    files = {name: tmp_path / name for name in ("metrics", "predictions", "breakdown")}
    dataset = {
        "kind": "pairs",
        "corpus": "any",
        "source": "fra",
        "target": "eng",
        "normalisation": normalisation,
    }
    evaluate(BaselineJob("translation", "nearest", dataset, tables, {"test": files}))
    target = -1 if normalisation == "cased" else 1
    said = [PAIRS[2][target], PAIRS[0][target], PAIRS[1][target]]
    predictions = pd.read_csv(files["predictions"], sep="\t")
    assert predictions["output"].tolist() == said
    expected = score(said, [text.split(SEPARATOR) for text in predictions["references"]])
    scores = read_json(files["metrics"])["scores"]
    assert scores == {f"{m}{suffix}": v for m, v in zip(METRICS, expected, strict=True)}
    assert 60 < scores[f"exact{suffix}"] < 70
    breakdown = pd.read_csv(files["breakdown"], sep="\t").set_index(["kind", "bucket"])
    assert breakdown.loc[("unseen words", "1"), "sentences"] == 1
