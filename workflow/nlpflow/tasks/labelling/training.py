"""Training of one run of tagging or entities, from the prepared tables to the run's folder."""

import logging
from pathlib import Path
from typing import Any

from torch import Tensor

from nlpflow.prepare.tagged import Sentence, read_prepared
from nlpflow.runs import machine
from nlpflow.runs.run import Run
from nlpflow.settings.checks import checked
from nlpflow.settings.data import TaggedDataset
from nlpflow.settings.labelling import LabellingExperiment
from nlpflow.tasks.labelling.labeller import AnyLabelling, build_labeller
from nlpflow.tasks.labelling.learner import LabellingLearner
from nlpflow.tasks.labelling.model import build_network
from nlpflow.tasks.labelling.scoring import scheme_of, scoring_of
from nlpflow.tasks.pretrained import sources_of, start_from_source, with_glove
from nlpflow.text.tag_schemes import Scheme, convert
from nlpflow.training.run import TrainingJob, train_run
from nlpflow.vectors.pretrained import source_digests
from nlpflow.vocabulary.tags import build_label_vocabulary


def train(job: TrainingJob) -> None:
    """Train a run of tagging or entities; see `nlpflow.training.run.Train`."""
    settings: LabellingExperiment = checked(AnyLabelling, job.settings, "settings")
    dataset: TaggedDataset = checked(TaggedDataset, job.dataset, "dataset")
    device = machine.set_up(settings.training.device, settings.training.threads, job.seed)
    scheme = scheme_of(settings)
    train, dev = (read_split(job.inputs[split], scheme) for split in ("train", "dev"))
    vocabulary = build_label_vocabulary(
        [sentence.words for sentence in train],
        [sentence.tags for sentence in train],
        settings.model.min_count,
        settings.model.lower_case,
        settings.model.affixes.longest if settings.model.affixes else 0,
        settings.model.affixes is not None and settings.model.affixes.shape,
    )
    network = build_network(settings.model, settings.training.loss, vocabulary)
    record: dict[str, Any] = {}
    embedding = network.tagger.embedding
    source = None
    if settings.model.vectors is not None:
        source = sources_of(job.inputs, settings.model)[settings.model.vectors]
        record["vectors"] = start_from_source(
            embedding, source, vocabulary.words, std=settings.model.embedding_std
        )
        logging.info("vectors: %s", record["vectors"])
    labeller = build_labeller(network.to(device), vocabulary, device, source)
    unseen = labeller.out_of_vocabulary
    learner = LabellingLearner(labeller, settings, train, dev, scoring_of(scheme), job.seed)
    run = Run(
        experiment=job.experiment,
        seed=job.seed,
        settings=settings.model_dump(mode="json"),
        normalisation=dataset.normalisation,
        languages=(),
        tags=dataset.tags,
        vocabulary=str(job.folder),
        digests=vocabulary.digests,
        vectors={} if unseen is None else source_digests(unseen.source),
    )

    def export(weights: dict[str, Tensor]) -> dict[str, Tensor]:
        vocabulary.save(job.folder)
        return weights

    job = with_glove(job, settings.model)
    train_run(job, learner, settings, run, Path(__file__), export, record)


def read_split(table: Path, scheme: Scheme | None) -> list[Sentence]:
    """Read a split of a dataset, with tags converted to the model's scheme (None: as they are)."""
    sentences = read_prepared(table)
    if scheme is None:
        return sentences
    return [
        sentence._replace(tags=convert(sentence.tags, "IOB2", scheme)) for sentence in sentences
    ]
