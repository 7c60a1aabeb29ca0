"""A vocabulary of one dataset that encodes another, by its rules."""

import json
from itertools import product
from pathlib import Path

from project import snakemake_in
from workflow.test_elsewhere import OWN_CORPUS, module, run

CORPUS = {key: value for key, value in OWN_CORPUS.items() if key != "annotations"}


def folder_with(folder: Path, **of_more: object) -> Path:
    """A module with a dataset, a larger one, and the larger one's tokens for both."""
    module(folder)
    words = list(map("".join, product("abcdefghij", repeat=2)))
    lines = [f"{start} {word}.\tMot {start} {word}.\n" for start in "xy" for word in words]
    (folder / "pairs.tsv").write_text("".join(lines))
    corpus = CORPUS | {"files": [{"address": "pairs.tsv"}]}
    (folder / "corpora.yaml").write_text(json.dumps({"own": corpus}))
    pairs = {"kind": "pairs", "corpus": "own", "source": "fra", "target": "eng"}
    prefixes = {"eng": ["x"]}
    config = {
        "name": "own",
        "registry": "corpora.yaml",
        "datasets": {
            "subset": pairs | {"filters": {"prefixes": prefixes}},
            "more": pairs
            | {"filters": {"prefixes": prefixes, "prefixes_in": ["dev", "test"]}}
            | of_more,
        },
        "vocabularies": {
            "more": {"dataset": "more"},
            "subset": {"dataset": "subset", "made_from": "more"},
        },
        "experiments": {
            "e": {"task": "translation", "vocabulary": "subset", "model": {"attention": "none"}}
        },
    }
    (folder / "config.yaml").write_text(json.dumps(config))
    return folder


def test_tokens_of_a_larger_dataset(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    run(folder, "data/encoded/subset", "data/vocabularies/more/source.vocab")
    data = folder / "data"
    for side in ("source.vocab", "target.vocab"):
        made = {(data / "vocabularies" / name / side).read_bytes() for name in ("more", "subset")}
        assert len(made) == 1
        assert b'"y"' in made.pop()
    coverage = json.loads((data / "vocabularies/subset/coverage.json").read_text())
    words = sum(
        len(line.split("\t")[2].split())
        for line in (data / "prepared/subset/dev.tsv").read_text().splitlines()[1:]
    )
    assert coverage["source"]["dev"]["tokens"] == words


def test_tokens_of_a_dataset_that_has_the_test_sentences(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, split={"salt": "other"})
    result = snakemake_in(folder, "data/vocabularies/subset/source.vocab")
    assert result.returncode != 0
    assert "splits share sentences" in result.stderr + result.stdout


def test_an_autoencoder_shares_the_source_side(tmp_path: Path) -> None:
    """Both sides of its vocabulary are the source side of the translator."""
    folder = folder_with(tmp_path)
    config = json.loads((folder / "config.yaml").read_text())
    config["datasets"]["same"] = config["datasets"]["more"] | {"autoencode": True}
    config["vocabularies"]["same"] = {"dataset": "same", "made_from": "more"}
    config["experiments"]["e"]["vocabulary"] = "same"
    (folder / "config.yaml").write_text(json.dumps(config))
    run(folder, "data/encoded/same", "data/vocabularies/more/source.vocab")
    vocabularies = folder / "data/vocabularies"
    source = (vocabularies / "more/source.vocab").read_bytes()
    for side in ("source.vocab", "target.vocab"):
        assert (vocabularies / "same" / side).read_bytes() == source
    encoded = folder / "data/encoded/same"
    for part in ("ids", "offsets"):
        src, tgt = (encoded / f"train.{side}.{part}.npy" for side in ("src", "tgt"))
        assert src.read_bytes() == tgt.read_bytes()
