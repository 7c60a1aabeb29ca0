"""The language identifier as a graph from the feature ids of one text to probabilities."""

import torch
from torch import Tensor, nn

from nlpflow.export.graph import LENGTHS, Case, Graph
from nlpflow.models.bag import BagClassifier
from nlpflow.models.precision import wide

EXAMPLE = 5
"""Number of features of the example."""


class ProbabilitiesGraph(nn.Module):
    """The classifier for one text: from feature ids, (features,), to probabilities, (languages,).

    A text without features has the probabilities of the bias alone.
    """

    def __init__(self, model: BagClassifier):
        super().__init__()
        self.model = model

    def forward(self, features: Tensor) -> Tensor:
        """See the class and `BagClassifier.forward`."""
        evidence = self.model.weight[features].sum(dim=0)
        if self.model.scaled:
            count = (features.new_ones(1) * features.shape[0]).clamp_min(1)
            evidence = evidence / count.to(evidence.dtype).sqrt()
        return (wide(evidence) + self.model.bias).softmax(dim=0)


def probabilities_graph(model: BagClassifier) -> Graph:
    """The graph of a classifier, which is on the CPU."""

    def features(count: int) -> Tensor:
        draws = torch.Generator().manual_seed(count)
        return torch.randint(0, len(model.weight), (count,), generator=draws)

    @torch.no_grad()
    def case(count: int) -> Case:
        expected = model(features(count), torch.tensor([0, count])).exp()
        return Case([features(count)], [expected.squeeze(0)])

    return Graph.of(
        ProbabilitiesGraph(model),
        {"features": features(EXAMPLE)},
        ["probabilities"],
        {"features": {0: "features"}},
        [case(length) for length in (0, *LENGTHS)],
    )
