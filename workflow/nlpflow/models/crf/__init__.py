"""The linear-chain conditional random field."""

from nlpflow.models.crf.constraints import Constraints, scheme_constraints
from nlpflow.models.crf.linear_chain import LinearChainCRF

__all__ = ["Constraints", "LinearChainCRF", "scheme_constraints"]
