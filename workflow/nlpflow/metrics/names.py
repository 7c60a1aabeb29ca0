"""The names of scores for readers, with units and directions.

Files keep the short names, such as `bleu_normalised`. The report, its captions, the comparison and
all plots use the names defined here.
"""

from typing import NamedTuple


class Score(NamedTuple):
    """The name of a score for readers, with its unit and direction."""

    name: str
    unit: str = "%"
    """Empty if the score has no unit."""
    lower_is_better: bool = False
    of_model: bool = True
    """False for a value to compare with: of references, of chance, or with the help of counts."""


SCORES = {
    "bleu": Score("BLEU", ""),
    "chrf2": Score("chrF2", ""),
    "exact": Score("exact match"),
    "recall_1": Score("true response ranked first of ten"),
    "bleu_delexicalised": Score("BLEU, delexicalised", ""),
    "distinct_1": Score("distinct words"),
    "distinct_2": Score("distinct pairs of words"),
    "distinct_2_references": Score("distinct pairs of words in the references", of_model=False),
    "commonest": Score("share of the ten commonest outputs", lower_is_better=True),
    "word_f1": Score("F1 of words"),
    "template": Score("right template"),
    "parses": Score("outputs without syntax error"),
    "intent": Score("right intent"),
    "slot_f1": Score("F1 of slots"),
    "well_formed": Score("well-formed outputs"),
    "aer": Score("alignment error rate", lower_is_better=True),
    "aer_diagonal": Score(
        "alignment error rate of diagonal links", lower_is_better=True, of_model=False
    ),
    "aer_uniform": Score(
        "alignment error rate of random links", lower_is_better=True, of_model=False
    ),
    "fluency_perplexity": Score("perplexity of the output", "", lower_is_better=True),
    "fluency_perplexity_references": Score(
        "perplexity of the reference translations", "", lower_is_better=True, of_model=False
    ),
    "accuracy": Score("accuracy"),
    "accuracy_macro": Score("accuracy, mean over the languages"),
    "accuracy_short": Score("accuracy of short sentences"),
    "accuracy_words": Score("accuracy of single words"),
    "accuracy_pairs": Score("accuracy of pairs of words"),
    "accuracy_seen": Score("accuracy of words seen in training"),
    "accuracy_unseen": Score("accuracy of words unseen in training"),
    "accuracy_unseen_ly": Score("accuracy of unseen words ending in -ly"),
    "accuracy_ambiguous": Score("accuracy of ambiguous words"),
    "accuracy_bigrams": Score("accuracy with a count-based tag bigram model", of_model=False),
    "ece": Score("expected calibration error", lower_is_better=True),
    "error": Score("wrong answers", lower_is_better=True),
    "f1": Score("F1"),
    "f1_macro": Score("F1, mean over the tags"),
    "f1_bigrams": Score("F1 with a count-based tag bigram model", of_model=False),
    "precision": Score("precision"),
    "recall": Score("recall"),
    "invalid_sequences": Score("sentences with invalid tags", "", lower_is_better=True),
    "perplexity": Score("perplexity", "", lower_is_better=True),
    "perplexity_add_k": Score(
        "perplexity of a count-based n-gram model", "", lower_is_better=True, of_model=False
    ),
    "log_likelihood": Score("mean log-likelihood per prediction", ""),
}
"""The names of scores, by the short name in `metrics.json` and in tables."""

QUALIFIERS = {"normalised": "normalised", "without_overlap": "without overlap with training"}
"""What may follow a short name after `_`, and how it is shown."""


def base_of(metric: str) -> str:
    """The key of `SCORES` for a metric: `bleu` for `bleu_normalised`; other names stay the same."""
    base = metric
    for name in reversed(QUALIFIERS):
        base = base.removesuffix(f"_{name}")
    return base if base in SCORES else metric


def metric_label(metric: str) -> str:
    """The name of a metric for readers: "BLEU (normalised)" for "bleu_normalised".

    An unknown metric, such as a list of word pairs, keeps its name.
    """
    base = base_of(metric)
    qualifiers = [said for name, said in QUALIFIERS.items() if f"_{name}" in metric[len(base) :]]
    return _score(base).name + (f" ({', '.join(qualifiers)})" if qualifiers else "")


def metric_heading(metric: str) -> str:
    """The name with unit and direction, for the heading of a column or the label of an axis."""
    unit = _score(base_of(metric)).unit
    hint = " (lower is better)" if lower_is_better(metric) else ""
    return metric_label(metric) + (f", {unit}" if unit else "") + hint


PLOTS = {
    "difference": "difference in {}",
    "parameters": "{} and number of parameters",
    "minutes": "{} and time of training",
}
"""The labels of the comparison's plots of a metric, by what is before `_<metric>` in their name."""

ON = "_on_"
"""Stands before the dataset in the name of a plot that is drawn for each dataset."""


def plot_label(plot: str) -> str:
    """The label of the comparison's plot `<metric>`, or of another one (`PLOTS`)."""
    kind, _, rest = plot.partition("_")
    if kind not in PLOTS:
        return metric_label(plot)
    metric, on, dataset = rest.partition(ON)
    return PLOTS[kind].format(metric_label(metric)) + (f" ({dataset})" if on else "")


def lower_is_better(metric: str) -> bool:
    """Whether a smaller value of the metric is better."""
    return _score(base_of(metric)).lower_is_better


def is_of_model(metric: str) -> bool:
    """Whether the metric measures the model itself, see `Score.of_model`."""
    return _score(base_of(metric)).of_model


def _score(base: str) -> Score:
    return SCORES.get(base) or Score(base.replace("_", " "), "")
