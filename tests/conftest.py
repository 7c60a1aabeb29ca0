"""For every test: one thread, so that many tests may run at once, and no wall-clock limits."""

import os

from hypothesis import settings

os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when torch is imported
settings.register_profile("nlpflow", deadline=None)
settings.load_profile("nlpflow")
