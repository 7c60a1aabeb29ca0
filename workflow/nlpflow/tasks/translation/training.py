"""Training of one translation run, from encoded data to the run's folder."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from nlpflow.errors import UserError
from nlpflow.metrics.translation import signatures
from nlpflow.runs import machine
from nlpflow.runs.run import Run
from nlpflow.settings.chat import ChatExperiment
from nlpflow.settings.checks import checked
from nlpflow.settings.commands import BashExperiment, FramesExperiment
from nlpflow.settings.data import PairDataset
from nlpflow.settings.questions import QuestionsExperiment
from nlpflow.settings.translation import Seq2SeqExperiment, TranslationExperiment
from nlpflow.tasks.pretrained import sources_of, with_glove
from nlpflow.tasks.translation.initialise import freeze, initialise, start_from_vectors
from nlpflow.tasks.translation.learner import TranslationLearner, read_test_set
from nlpflow.tasks.translation.model import build_seq2seq
from nlpflow.tasks.translation.translator import Translator
from nlpflow.training.run import TrainingJob, train_run
from nlpflow.vocabulary import load_vocabulary
from nlpflow.vocabulary.encoded import EncodedPairs

AnySeq2Seq = Annotated[
    TranslationExperiment
    | BashExperiment
    | FramesExperiment
    | QuestionsExperiment
    | ChatExperiment,
    Field(discriminator="task"),
]


def train(job: TrainingJob) -> None:
    """Train a translator; see `nlpflow.training.run.Train`."""
    settings: Seq2SeqExperiment = checked(AnySeq2Seq, job.settings, "settings")
    dataset: PairDataset = checked(PairDataset, job.dataset, "dataset")
    device = machine.set_up(settings.training.device, settings.training.threads, job.seed)
    sides = {side: load_vocabulary(job.inputs[side]) for side in ("source", "target")}
    data = {split: EncodedPairs.open(job.inputs["encoded"], split) for split in ("train", "dev")}
    if settings.training.guided_alignment and data["train"].links is None:
        raise UserError(
            f"experiment {job.experiment}: training.guided_alignment needs word alignments, and "
            f"vocabulary '{settings.vocabulary}' has none: its corpus lacks them, its "
            "normalisation is not 'tutorial', or its tokens are not words; set it to 0"
        )
    max_length = int(data["train"].lengths()[0].max())
    model = build_seq2seq(settings.model, len(sides["source"]), len(sides["target"]), max_length)
    sources = sources_of(job.inputs, settings.model)
    coverage = start_from_vectors(model, settings.model, sides, sources)
    digests = {side: sides[side].digest for side in sides}
    initialise(model, settings.training, job.inputs.all("first_weights"), digests)
    freeze(model, settings.training.freeze)
    model.to(device)
    tables = job.inputs["dev"], job.inputs["references"]
    dev_set = read_test_set(*tables, "dev", dataset.normalisation, dataset.target)
    signed = signatures(dev_set.references, dev_set.tokenizer)
    learner = TranslationLearner(
        model,
        settings,
        data["train"],
        data["dev"],
        dev_set,
        Translator(model, sides["source"], sides["target"], settings.decoding, device),
        job.seed,
        device,
    )
    run = Run(
        experiment=job.experiment,
        seed=job.seed,
        settings=settings.model_dump(mode="json"),
        normalisation=dataset.normalisation,
        languages=(dataset.source, dataset.target),
        vocabulary=str(job.inputs["source"].parent),
        digests=digests,
        sizes={"max_length": max_length},
    )
    record = {"signatures": signed} | ({"vectors": coverage} if coverage else {})
    job = with_glove(job, settings.model)
    train_run(job, learner, settings, run, Path(__file__), record=record)
