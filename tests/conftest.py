"""For every test: one thread, so that many may run at once, and no wall-clock limits."""

import os

from hypothesis import settings

os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when torch is imported
# Continuous integration gives one commit one verdict; elsewhere every run draws new examples.
settings.register_profile("nlpflow", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("nlpflow")
