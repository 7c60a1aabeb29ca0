"""Train one translation run: from encoded data to a run's folder."""

from pathlib import Path

from nlpflow.runs import machine
from nlpflow.runs.run import Run
from nlpflow.settings.data import PairDataset
from nlpflow.settings.pretrained import vector_files
from nlpflow.settings.translation import TranslationExperiment
from nlpflow.tasks.translation.initialise import initialise
from nlpflow.tasks.translation.learner import TranslationLearner
from nlpflow.tasks.translation.model import build_seq2seq
from nlpflow.tasks.translation.pretrained import start_from_vectors
from nlpflow.tasks.translation.references import read_test_set
from nlpflow.tasks.translation.translator import Translator
from nlpflow.training.run import train_run
from nlpflow.vocabulary import load_vocabulary
from nlpflow.vocabulary.encoded import EncodedPairs


def train(
    name: str,
    settings: TranslationExperiment,
    seed: int,
    dataset: PairDataset,
    prepared: Path,
    vocabulary: Path,
    encoded: Path,
    folder: Path,
    checkpoints: Path,
) -> None:
    """Train the experiment `name` under a random seed and write the run into `folder`.

    :param prepared: folder of the dataset's tables, :param vocabulary: of the two vocabularies,
    :param encoded: of the token ids, :param checkpoints: where an interrupted training goes on
    """
    device = machine.set_up(settings.training.device, settings.training.threads, seed)
    sides = {side: load_vocabulary(vocabulary / f"{side}.vocab") for side in ("source", "target")}
    data = {split: EncodedPairs.open(encoded, split) for split in ("train", "dev")}
    max_length = int(data["train"].lengths()[0].max())
    model = build_seq2seq(settings.model, len(sides["source"]), len(sides["target"]), max_length)
    coverage = start_from_vectors(model, settings.model, sides)
    digests = {side: sides[side].digest for side in sides}
    initialise(model, settings.training, digests)
    model.to(device)
    learner = TranslationLearner(
        model,
        settings,
        data["train"],
        data["dev"],
        read_test_set(prepared, "dev", dataset.normalisation),
        Translator(model, sides["source"], sides["target"], settings.decoding, device),
        seed,
        device,
    )
    run = Run(
        experiment=name,
        seed=seed,
        settings=settings.model_dump(mode="json"),
        normalisation=dataset.normalisation,
        languages=(dataset.source, dataset.target),
        vocabulary=str(vocabulary),
        digests=digests,
        sizes={"max_length": max_length},
    )
    files = [prepared / "dev.parquet", prepared / "references.parquet"]
    files += [vocabulary / f"{side}.vocab" for side in sides] + sorted(encoded.glob("*.npy"))
    if settings.training.initialise_from is not None:
        files.append(Path(settings.training.initialise_from) / "weights.safetensors")
    files += map(Path, vector_files(settings.model))
    train_run(
        learner,
        settings,
        settings.training,
        run,
        files,
        Path(__file__),
        folder,
        checkpoints,
        record={"vectors": coverage} if coverage else None,
    )
