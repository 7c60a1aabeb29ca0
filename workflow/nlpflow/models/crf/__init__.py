"""The linear-chain conditional random field, and the scans under it."""

from nlpflow.models.crf.linear_chain import LinearChainCRF
from nlpflow.models.crf.schemes import Constraints, scheme_constraints

__all__ = ["Constraints", "LinearChainCRF", "scheme_constraints"]
