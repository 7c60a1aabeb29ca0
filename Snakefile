"""nlpflow: classic neural NLP models from raw public data, in one run.

    registry -> download -> prepare -> vocabulary -> encode -> train -> evaluate -> figures
             -> compare -> report

The config is checked before anything runs. Each file in rules/ is one stage and begins with what
the stage needs and makes. What rules look up in the config are methods in nlpflow.settings.plan.
"""

import gc
import sys
from pathlib import Path

from snakemake.utils import min_version

min_version("9.27")
# Planning makes millions of objects that are all kept: collecting garbage would take a tenth of
# its time.
gc.set_threshold(50_000, 20, 100)

# Not `workflow.basedir`: as a module that is the folder of the outer workflow.
ROOT = Path(workflow.current_basedir.get_path_or_uri(secret_free=True))
sys.path.insert(0, str(ROOT / "workflow"))
from nlpflow.errors import UserError
from nlpflow.jobs import leave_warnings_to_scripts, let_scripts_import
from nlpflow.settings.loading import load_config, read_yaml
from nlpflow.settings.origins import check_origins, defining_files

let_scripts_import(ROOT / "workflow")
leave_warnings_to_scripts()

# Snakemake would merge the user's --configfile into a config that is named here, so the sample's
# config is named only if the user gives none.
if not workflow.configfiles:

    configfile: str(ROOT / "config/config.yaml")


try:
    for path in workflow.configfiles:
        read_yaml(Path(path))  # Snakemake itself would keep the last of duplicate keys
    CONFIG, REGISTRY = load_config(config, ROOT)
except UserError as error:
    # An exception would not do, because Snakemake would print a line of this file after its message.
    sys.exit(str(error))


report: "workflow/report/overview.rst"


include: "rules/common.smk"
include: "rules/download.smk"
include: "rules/prepare.smk"
include: "rules/vocabulary.smk"
include: "rules/train.smk"
include: "rules/baselines.smk"
include: "rules/evaluate.smk"
include: "rules/compare.smk"
include: "rules/playground.smk"
include: "rules/reference.smk"
include: "rules/lessons.smk"


try:
    # This check comes after the rules, because only they know where data/ is if another workflow
    # imports this one as a module with a prefix.
    check_origins(
        CONFIG, workflow.configfiles, ROOT, Path(rules.prepare.output.train).parents[2]
    )
except UserError as error:
    sys.exit(str(error))


rule all:
    """Everything that the config asks for."""
    default_target: True
    input:
        RESULTS.targets(),
