r"""Skip-gram with negative sampling, compared with gensim's word2vec on the same words.

Both sides get the same sentences without rare words, the same dimension, window, negatives,
subsampling, learning rate and epochs, and one thread. They take turns, one random seed after the
other, and each turn gives one ratio of speeds. A speed is the number of words per processor second,
from sentences to vectors, without building the vocabulary. Then the vectors are compared on the
similarity lists: by the mean of the three rank correlations over the pairs whose words both sides
know, and by a confidence interval of the difference from a paired bootstrap of the pairs.

    snakemake --configfile config/embeddings.yaml --cores 2 \
        results/embeddings/english-skipgram/seed-1/test/metrics.json
    pip install '.[bench]'
    python benchmarks/embeddings.py
"""

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when numpy and torch are imported

import numpy as np
import pandas as pd
import pyarrow as pa
from gensim.models import Word2Vec
from gensim.models.word2vec import LineSentence
from ratios import Ratio, write_ratios

from nlpflow.corpora.word_lists import read_word_pairs
from nlpflow.metrics.word_vectors import cosines, spearman
from nlpflow.runs import machine
from nlpflow.settings.embeddings import EmbeddingsExperiment
from nlpflow.settings.loading import load_config, read_yaml
from nlpflow.settings.vocabulary import VocabularySettings
from nlpflow.tables import write_json, write_table
from nlpflow.tasks.embeddings.text import Text
from nlpflow.tasks.embeddings.training import build_learner, read_text, vectors_of
from nlpflow.text.addresses import raw_path
from nlpflow.training.loop import fit
from nlpflow.vectors.word_vectors import WordVectors
from nlpflow.vocabulary import Words, build_vocabulary

RESAMPLES = 2000
SPEEDS = ("ours_words_per_second", "gensim_words_per_second", "speed_ratio")


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--experiment", default="english-skipgram", help="%(default)s")
    parser.add_argument("--configfile", default="config/embeddings.yaml", help="%(default)s")
    parser.add_argument("--prepared", type=Path, default=Path("data/prepared/english"))
    parser.add_argument("--lists", type=Path, default=Path("data/raw"), help="%(default)s")
    parser.add_argument("--epochs", type=int, help="default: those of the experiment")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--output", type=Path, default=Path("results/benchmarks/embeddings"))
    values = parser.parse_args()
    config, registry = load_config(read_yaml(Path(values.configfile)), Path())
    settings = config.experiments[values.experiment]
    assert isinstance(settings, EmbeddingsExperiment)
    epochs = values.epochs or settings.training.epochs
    training = settings.training.model_copy(update={"epochs": epochs, "patience": epochs})
    settings = settings.model_copy(update={"training": training})
    lists = {}
    for name in settings.lists.similarity:
        (file,) = registry[name].files
        lists[name] = read_word_pairs(file, values.lists / raw_path(file.address))
    values.output.mkdir(parents=True, exist_ok=True)
    turns, differences = compare(settings, values.prepared, values.seeds, lists)
    report(values.output, turns, differences)


def compare(
    settings: EmbeddingsExperiment, prepared: Path, seeds: list[int], lists: dict[str, pd.DataFrame]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Speeds and correlations, one row per random seed, and bootstrapped differences of each."""
    column = read_text(prepared / "train.parquet", settings)
    limits = VocabularySettings(dataset=settings.dataset, **settings.words.model_dump())
    vocabulary = build_vocabulary(column, limits, "training")
    assert isinstance(vocabulary, Words)
    ids, sentences = Text.of(vocabulary, column).words()
    rows, differences = [], {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sentences.txt"
        write_sentences(path, vocabulary, ids, sentences)
        for seed in seeds:
            row: dict[str, float] = {"seed": seed, "words": len(ids)}
            row["epochs"] = settings.training.epochs
            ours, row["ours_words_per_second"] = train_ours(settings, vocabulary, column, seed)
            theirs, row["gensim_words_per_second"] = train_gensim(settings, path, len(ids), seed)
            row["speed_ratio"] = row["ours_words_per_second"] / row["gensim_words_per_second"]
            scores, differences[seed] = correlations(ours, theirs, lists)
            rows.append(row | scores)
            print("  ".join(f"{key} {value:.4g}" for key, value in rows[-1].items()), flush=True)
    return pd.DataFrame(rows), pd.DataFrame(differences)


def write_sentences(path: Path, vocabulary: Words, ids: np.ndarray, sentences: np.ndarray) -> None:
    """Write the known words of each sentence as one line, the format that gensim reads."""
    words = np.array([vocabulary.token(index) for index in range(len(vocabulary))], object)
    lines = np.split(words[ids], np.flatnonzero(np.diff(sentences)) + 1)
    path.write_text("".join(" ".join(line) + "\n" for line in lines), encoding="utf-8")


def train_ours(
    settings: EmbeddingsExperiment, vocabulary: Words, column: pa.ChunkedArray, seed: int
) -> tuple[WordVectors, float]:
    """Train our side; return the vectors after all epochs, and words per second.

    The time includes encoding the words as ids.
    """
    device = machine.set_up("cpu", 1, seed)
    # Both sides keep the vectors of the last epoch, so there is nothing to choose by a dev set.
    nothing = Text.of(vocabulary, pa.array([], pa.string()))
    begun = time.process_time()
    text = Text.of(vocabulary, column)
    learner = build_learner(settings, vocabulary, text, nothing, seed, device)
    trained = fit(learner, settings.training, f"ours, seed {seed}")
    seconds = time.process_time() - begun
    words = len(text.words()[0]) * len(trained.history)
    matrix = learner.model.embedding.weight.detach().numpy()
    return vectors_of(vocabulary, matrix), words / seconds


def train_gensim(
    settings: EmbeddingsExperiment, path: Path, words: int, seed: int
) -> tuple[WordVectors, float]:
    """Train gensim; return the vectors, and words per second without building the vocabulary."""
    model, training = settings.model, settings.training
    assert model.kind == "skipgram"
    gensim = Word2Vec(
        vector_size=model.dimension,
        window=model.window,
        negative=model.negatives,
        sample=model.subsample or 0,
        alpha=training.learning_rate,
        sg=1,
        min_count=1,
        workers=1,
        seed=seed,
    )
    sentences = list(LineSentence(str(path)))
    gensim.build_vocab(sentences)
    begun = time.process_time()
    gensim.train(sentences, total_examples=len(sentences), epochs=training.epochs)
    seconds = time.process_time() - begun
    vectors = WordVectors(tuple(gensim.wv.index_to_key), np.asarray(gensim.wv.vectors))
    return vectors, words * training.epochs / seconds


def correlations(
    ours: WordVectors, theirs: WordVectors, lists: dict[str, pd.DataFrame]
) -> tuple[dict[str, float], np.ndarray]:
    """Scores of both vectors, and their difference in every bootstrap sample.

    A score is a correlation times 100 on the pairs of a list that both know; every sample holds
    the same pairs for both.
    """
    rng = np.random.default_rng(0)
    scores: dict[str, float] = {}
    differences = []
    for name, pairs in lists.items():
        lower = pairs.assign(first=pairs["first"].str.lower(), second=pairs["second"].str.lower())
        both = np.stack([cosines(ours, lower), cosines(theirs, lower)])
        known = ~np.isnan(both).any(axis=0)
        both, human = both[:, known], pairs["score"].to_numpy()[known]
        scores[f"pairs_{name}"] = len(human)
        for side, values in zip(("ours", "gensim"), both, strict=True):
            scores[f"{side}_{name}"] = 100 * float(spearman(values, human))
        drawn = rng.integers(0, len(human), size=(RESAMPLES, len(human)))
        first, second = (spearman(values[drawn], human[drawn]) for values in both)
        differences.append(100 * (first - second))
    for side in ("ours", "gensim"):
        found = [value for key, value in scores.items() if key.startswith(side)]
        scores[f"{side}_mean"] = statistics.mean(found)
    return scores, np.mean(differences, axis=0)


def report(output: Path, turns: pd.DataFrame, differences: pd.DataFrame) -> None:
    """Write every turn, and print median speeds and the interval of the difference.

    All random seeds are resampled with the same pairs. So the interval covers the choice of word
    pairs for the mean over the seeds.
    """
    low, high = np.percentile(differences.mean(axis=1), [2.5, 97.5])
    summary = {
        **{name: float(turns[name].median()) for name in SPEEDS},
        "ours_mean": float(turns["ours_mean"].mean()),
        "gensim_mean": float(turns["gensim_mean"].mean()),
        "difference": float((turns["ours_mean"] - turns["gensim_mean"]).mean()),
        "difference_low": float(low),
        "difference_high": float(high),
        "significantly_below": bool(high < 0),
        "turns": len(turns),
    }
    write_table(output / "turns.tsv", turns)
    write_json(output / "summary.json", summary)
    ours, theirs, ratio = (float(turns[name].median()) for name in SPEEDS)
    write_ratios(output, [Ratio("skip-gram", "gensim", "words/s", ours, theirs, ratio, len(turns))])
    print("  ".join(f"{key} {value:.4g}" for key, value in summary.items()))


if __name__ == "__main__":
    main()
