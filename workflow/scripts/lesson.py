"""Run one lesson and write its page."""

from pathlib import Path

import torch

from nlpflow.jobs import job
from nlpflow.lesson_pages.page import write_page
from nlpflow.lesson_pages.runs import LessonRun

with job(snakemake.log[0]):
    torch.set_num_threads(1)  # another number changes the last digits
    runs = [
        LessonRun(label, Path(metrics))
        for label, metrics in zip(snakemake.params.label, snakemake.input.metrics, strict=True)
    ]
    # A lesson that reads the sample says which files, from the root of the repository.
    files = {"SENTENCES": snakemake.input.data} if snakemake.input.data else {}
    write_page(
        Path(snakemake.input.lesson),
        {"RUN": runs[0] if runs else None, **files},
        Path(snakemake.output.page),
    )
