"""nlpflow: classic neural NLP models from raw public data, in one run.

    registry -> download -> prepare -> vocabulary -> encode -> train -> evaluate -> figures
             -> compare -> report

The config is checked before anything runs. Each file in rules/ opens with what it needs and makes.
"""

import gc
import sys
from pathlib import Path

from snakemake.utils import min_version

min_version("9.27")
# Planning makes millions of objects that all stay: looking for garbage takes a tenth of its time.
gc.set_threshold(50_000, 20, 100)

ROOT = Path(workflow.basedir)
LIBRARY = ROOT / "workflow"
sys.path.insert(0, str(LIBRARY))
from nlpflow.errors import UserError
from nlpflow.jobs import leave_warnings_to_scripts, let_scripts_import
from nlpflow.settings.loading import load_config

let_scripts_import(LIBRARY)
leave_warnings_to_scripts()

# --configfile merges into a config file that is loaded here: the sample is loaded only without.
if not workflow.configfiles:

    configfile: "config/config.yaml"


try:
    CONFIG, REGISTRY = load_config(config, ROOT)
except UserError as error:
    # Not an exception: its last line would be a place in this file.
    sys.exit(str(error))


report: "workflow/report/overview.rst"


include: "rules/common.smk"
include: "rules/inputs.smk"
include: "rules/download.smk"
include: "rules/prepare.smk"
include: "rules/vocabulary.smk"
include: "rules/training.smk"
include: "rules/translation.smk"
include: "rules/language_id.smk"
include: "rules/baselines.smk"
include: "rules/tagging.smk"
include: "rules/entities.smk"
include: "rules/embeddings.smk"
include: "rules/compare.smk"
include: "rules/reference.smk"
include: "rules/lessons.smk"


rule all:
    """Everything that the config asks for."""
    default_target: True
    input:
        comparison_files(),
        all_scores(),
        all_figures(),
        lesson_pages(),
