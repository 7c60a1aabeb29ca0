"""Evaluate a run of guess on one test set."""

import pandas as pd
import torch
from nlpflow.models.guess import LengthTable
from nlpflow.settings.guess import GuessExperiment
from nlpflow.tasks.guess.training import read_pairs

from nlpflow.runs.run import open_run
from nlpflow.tables import write_json, write_table
from nlpflow.tasks.interface import EvaluationJob


def evaluate(job: EvaluationJob) -> None:
    """Write accuracy and predictions."""
    opened = open_run(job.run, GuessExperiment)
    languages = opened.run.languages
    model = LengthTable(opened.settings.model.longest, len(languages))
    opened.load(model)
    table = pd.read_parquet(job.inputs["table"])
    with torch.inference_mode():
        answers = model(read_pairs(table, languages)[0]).argmax(1).tolist()
    answer = pd.Series([languages[number] for number in answers])
    right = answer == table["language"]
    write_json(job.outputs["metrics"], {"scores": {"accuracy": 100 * float(right.mean())}})
    write_table(job.outputs["predictions"], table[["raw", "language"]].assign(answer=answer))
