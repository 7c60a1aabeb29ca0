"""What the models of an experiment are made from, directly or through other runs."""

from pathlib import Path

from nlpflow.settings.base import Settings
from nlpflow.settings.plan.base import Plan
from nlpflow.settings.pretrained import (
    GLOVE,
    experiment_in,
    runs_started_from,
    starts_from_glove,
    vector_files,
)
from nlpflow.settings.registry import DESCRIPTION


class SourceFacts(Settings):
    """What readers must know of a corpus, or of vectors or weights that were made elsewhere."""

    title: str
    licence: str
    attribution: str


GLOVE_FACTS = SourceFacts(
    title=f"GloVe word vectors ({GLOVE}), trained on Wikipedia 2014 and Gigaword 5",
    licence="Public Domain Dedication and License (PDDL) 1.0",
    attribution="Jeffrey Pennington, Richard Socher and Christopher D. Manning, GloVe: Global "
    "Vectors for Word Representation, EMNLP 2014",
)


def sources_of(plan: Plan, experiment: str) -> dict[str, SourceFacts]:
    """Everything that the models of an experiment are made from, by name.

    These are the corpora of its dataset and of the dataset that its vocabulary takes its tokens
    from; the same of the experiments whose vectors or weights it starts from; and vectors and
    weights from elsewhere, of which a file of the user's own has no known licence.
    """
    found: dict[str, SourceFacts] = {}
    waiting, seen = [experiment], {experiment}
    while waiting:
        settings = plan.config.experiments[waiting.pop(0)]
        vocabulary = plan.config.vocabularies.get(settings.vocabulary_name)
        datasets = [plan.dataset(settings), *([vocabulary.made_from] if vocabulary else [])]
        for dataset in filter(None, datasets):
            for name in plan.config.datasets[dataset].corpus_names:
                found[name] = SourceFacts(**plan.registry[name].model_dump(include={*DESCRIPTION}))
        if starts_from_glove(settings.model):
            found[GLOVE] = GLOVE_FACTS
        files = [*vector_files(settings.model), *runs_started_from(settings)]
        for file in files:
            other = experiment_in(file, plan.config.experiments)
            if other is None:
                found |= _from_elsewhere(file)
            elif other not in seen:
                seen.add(other)
                waiting.append(other)
    return found


def _from_elsewhere(file: str) -> dict[str, SourceFacts]:
    """The entry for a file or a run of which the config says nothing more."""
    parts = Path(file).parts
    shown = "/".join(parts[1:]) if parts[0] == "results" else parts[-1]  # no path of this machine
    return {
        shown: SourceFacts(
            title=f"vectors or weights of {shown}",
            licence="not known here",
            attribution="not known here",
        )
    }
