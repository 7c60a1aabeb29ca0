"""Entry point of `python -m nlpflow.cli`."""

import sys

from nlpflow.cli import main

sys.exit(main())
