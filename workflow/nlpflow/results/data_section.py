"""What the report's first page says of data: sizes, what was dropped, splits, licences."""

from collections.abc import Iterable, Mapping

import pandas as pd

from nlpflow.results.markup import listed, table
from nlpflow.settings.plan.summary import DatasetFacts, Facts

SPLITS = ("train", "dev", "test")
STEPS = {
    "read": "malformed lines",
    "fewer_tokens_than": "source or target of {} words or more",
    "prefixes": "not beginning with one of the prefixes",
    "drop_empty": "empty",
    "drop_duplicates": "duplicates",
    "drop_copies": "copies of the source",
    "max_length_ratio": "one side more than {} times as long as the other",
    "max_words": "more than {} words",
    "max_training": "beyond the first {} of training, at random",
    "max_per_language": "more than {} in a language",
    "not of a test file": "not of a test file",
    "also in dev or test": "also in dev or test",
    "also in training": "also in training",
    "in two languages": "in two languages",
}
"""What each filtering step drops; `{}` stands for the setting of the step."""
KINDS = {
    "pairs": "pairs",
    "sentences": "sentences",
    "test_sentences": "sentences",
    "labelled": "tagged sentences",
    "test_labelled": "tagged sentences",
}


def data_section(facts: Facts, reports: Mapping[str, pd.DataFrame]) -> str:
    """Sizes, splits and licences of everything that runs are trained and tested on.

    Args:
        reports: `filter_report.tsv` of each dataset
    """
    rows = [_sizes(name, found, reports[name]) for name, found in facts.datasets.items()]
    splits: dict[str, list[str]] = {}
    for name, found in facts.datasets.items():
        splits.setdefault(split_statement(found, reports[name]), []).append(name)
    said = [f"{', '.join(names)}: {statement}" for statement, names in splits.items()]
    own = [
        f"{name}: a test set of your own, {', '.join(files)}"
        for name, files in facts.test_sets.items()
    ]
    licences = [
        [corpus.title, name, corpus.licence, corpus.attribution]
        for name, corpus in facts.corpora.items()
    ]
    return "".join(
        [
            "<h2>Data</h2>\n",
            table(["dataset", "contents", *SPLITS, "dropped"], {"": rows}),
            listed(said),
            "<h2>Licences and attribution</h2>\n",
            table(["corpus", "name", "licence", "attribution"], {"": licences}),
            listed(own),
        ]
    )


def split_statement(found: DatasetFacts, report: pd.DataFrame) -> str:
    """How the splits came about, and whether a sentence is in two of them.

    Args:
        report: the dataset's `filter_report.tsv`, which counts what dev and test share with train
    """
    match found.division:
        case "divided":
            return (
                f"no {_kept_apart(found)} in more than one of train, dev and test; the workflow "
                "checks this."
            )
        case "given":
            return (
                "the split is the corpus's own and stays as published; "
                f"{_shared('dev', report)} dev sentences and {_shared('test', report)} test "
                "sentences are also in train."
            )
        case "given test":
            return (
                "the test set is the corpus's own and stays as published; "
                f"{_shared('test', report)} test sentences are also in train. The dev set is taken "
                "from train and shares no sentence with train or test; the workflow checks this."
            )
        case "test only":
            return "no run trains on it."


def _kept_apart(found: DatasetFacts) -> str:
    """What no two splits share, and that it occurs: "sentence occurs"."""
    if found.kind != "pairs":
        return "sentence occurs"
    return {
        ("source", "target"): "sentence, in either language, occurs",
        ("source",): "source occurs (a target may)",
    }.get(found.kept_apart, "document is (sentences may be)")


def _shared(split: str, report: pd.DataFrame) -> str:
    """How many of a split's sentences are also in the training set: "3 of 120"."""
    left = dict(zip(report["step"], report["sentences"], strict=True))
    return f"{int(left[f'{split}, also in train']):,} of {int(left[split]):,}"


def _sizes(name: str, found: DatasetFacts, report: pd.DataFrame) -> list[str]:
    """A row of the table of datasets."""
    unit = "pairs" if "pairs" in report else "sentences"
    left = dict(zip(report["step"], report[unit], strict=True))
    between = " → " if found.kind == "pairs" else ", "
    sizes = [f"{int(left[split]):,}" if split in left else "" for split in SPLITS]
    steps = zip(report["step"], report["setting"], report["dropped"], strict=True)
    return [name, f"{KINDS[found.kind]}, {between.join(found.languages)}", *sizes, _dropped(steps)]


def _dropped(steps: Iterable[tuple[str, str, float]]) -> str:
    said = [
        f"{STEPS[step].format(setting)}: {int(dropped):,}"
        for step, setting, dropped in steps
        if step in STEPS
    ]
    return "; ".join(said)
