"""The card of a run that was trained with the settings that a config has now."""

from types import SimpleNamespace
from typing import Any

from nlpflow.settings.origin import MADE_WITH
from nlpflow.settings.origins import origins_asked
from nlpflow.settings.plan import DataPlan, Plan, RunPlan
from nlpflow.tables import digest_of


def settings_of(plan: Plan, experiment: str) -> dict[str, Any]:
    """The settings that a run's card has the digest of."""
    runs = RunPlan(plan.config, plan.registry, plan.root)
    return runs.decisive_settings(SimpleNamespace(experiment=experiment))


def made_card(plan: Plan, experiment: str) -> dict[str, Any]:
    """The card."""
    data = DataPlan(plan.config, plan.registry, plan.root)
    origins = origins_asked(data, plan.config.experiments[experiment])
    return {
        "config": digest_of(settings_of(plan, experiment)),
        "origins": {
            folder: {key: getattr(origin, key) for key in MADE_WITH}
            for folder, origin in origins.items()
        },
        **{"processor": "a processor", "parameters": 12345, "seed": 1, "seconds": 61.0},
        **{"nlpflow": "0", "torch": "2"},
    }
