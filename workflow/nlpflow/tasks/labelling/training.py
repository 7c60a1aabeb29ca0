"""Train one run of tagging or entities: from the prepared tables to a run's folder."""

import logging
from pathlib import Path
from typing import Any

from nlpflow.models.open_embedding import OpenEmbedding
from nlpflow.prepare.tagged import Sentence, read_prepared
from nlpflow.runs import machine
from nlpflow.runs.run import Run
from nlpflow.settings.data import TaggedDataset
from nlpflow.settings.labelling import LabellingExperiment
from nlpflow.settings.pretrained import vector_files
from nlpflow.tasks.labelling.labeller import build_labeller
from nlpflow.tasks.labelling.learner import LabellingLearner
from nlpflow.tasks.labelling.model import build_network
from nlpflow.tasks.labelling.scoring import Scoring
from nlpflow.tasks.pretrained import start_from_source
from nlpflow.text.tag_schemes import Scheme, convert
from nlpflow.training.run import train_run
from nlpflow.vocabulary.tags import build_label_vocabulary


def train_labeller(
    name: str,
    settings: LabellingExperiment,
    seed: int,
    dataset: TaggedDataset,
    prepared: Path,
    folder: Path,
    checkpoints: Path,
    code: Path,
    scoring: Scoring,
    scheme: Scheme | None,
) -> None:
    """Train the experiment `name` under a random seed and write the run into `folder`.

    :param prepared: folder of the dataset's tables
    :param checkpoints: where an interrupted training goes on
    :param code: the task's module
    :param scheme: of the tags inside the model; None where tags are no entities
    """
    device = machine.set_up(settings.training.device, settings.training.threads, seed)
    train, dev = (read_split(prepared, split, scheme) for split in ("train", "dev"))
    vocabulary = build_label_vocabulary(
        [sentence.words for sentence in train],
        [sentence.tags for sentence in train],
        settings.model.min_count,
        settings.model.lower_case,
    )
    network = build_network(settings.model, settings.training.loss, vocabulary)
    record: dict[str, Any] = {}
    embedding = network.tagger.embedding
    if settings.model.vectors is not None and isinstance(embedding, OpenEmbedding):
        record["vectors"] = start_from_source(embedding, settings.model.vectors, vocabulary.words)
        logging.info("vectors: %s", record["vectors"])
    labeller = build_labeller(network.to(device), vocabulary, device, settings)
    learner = LabellingLearner(labeller, settings, train, dev, scoring, seed)
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary.save(folder)
    run = Run(
        experiment=name,
        seed=seed,
        settings=settings.model_dump(mode="json"),
        normalisation=dataset.normalisation,
        languages=(),
        vocabulary=str(folder),
        digests=vocabulary.digests,
    )
    files = [prepared / f"{split}.parquet" for split in ("train", "dev")]
    files += map(Path, vector_files(settings.model))
    train_run(
        learner,
        settings,
        settings.training,
        run,
        files,
        code,
        folder,
        checkpoints,
        record=record,
    )


def read_split(prepared: Path, split: str, scheme: Scheme | None) -> list[Sentence]:
    """A split of a dataset, its tags in a model's scheme."""
    sentences = read_prepared(prepared / f"{split}.parquet")
    if scheme is None:
        return sentences
    return [
        sentence._replace(tags=convert(sentence.tags, "IOB2", scheme)) for sentence in sentences
    ]
