"""Settings of the networks that translate: section `model` of an experiment."""

from typing import Literal, Self

from pydantic import Field, model_validator

from nlpflow.settings.base import Settings
from nlpflow.settings.pretrained import SOURCE


class NetworkSettings(Settings):
    """The settings that the networks share."""

    embedding: int = Field(256, ge=1, description="size of the word embeddings")
    tied_embeddings: bool = Field(
        False, description="the output layer shares its weights with the target embeddings"
    )
    copying: bool = Field(
        False,
        description="the decoder can also copy a word of the source, which it chooses with its "
        "attention (pointer-generator, See et al. 2017); needs a vocabulary of `parts`",
    )

    @property
    def attention_rows(self) -> str:
        """What a row of an attention plot has, as the report says it."""
        copying = (
            " The number beside an output word is the probability that it is copied."
            if self.copying
            else ""
        )
        return self.weights_sum + copying

    @property
    def weights_sum(self) -> str:
        """What the attention weights of an output word sum to, as the report says it."""
        raise NotImplementedError


class GRUModel(NetworkSettings):
    """Encoder and decoder of gated recurrent units, with any attention (Cho et al. 2014)."""

    network: Literal["gru"] = Field("gru", description="kind of network; may be left out")
    attention: Literal[
        "none", "tutorial", "additive", "dot", "general", "local-p", "multi-head"
    ] = Field(
        description="`none`: the plain decoder, which sees only the last encoder state; "
        "`tutorial`: the tutorial's attention, weights from a linear layer over [embedding, "
        "hidden]; `additive`: Bahdanau et al. 2015; `dot`, `general` and `local-p` (with "
        "general scores): Luong et al. 2015; `multi-head`: scaled dot products in several heads "
        "(Vaswani et al. 2017)"
    )
    embedding_std: float = Field(
        1.0,
        gt=0,
        le=10,
        description="standard deviation of the word embeddings when training starts; tied ones "
        "start at `embedding` to the power -0.5",
    )
    window: int = Field(
        10,
        ge=1,
        description="`local-p` only: attend to this many tokens on either side of the predicted "
        "position (D in the paper)",
    )
    heads: int = Field(
        4,
        ge=1,
        le=64,
        description="`multi-head` only: number of heads; `hidden` is a multiple of it",
    )
    source_vectors: str | None = Field(
        None,
        min_length=1,
        description="pretrained vectors of size `embedding` that the embeddings of source words "
        f"start from: {SOURCE}",
    )
    target_vectors: str | None = Field(
        None,
        min_length=1,
        description="pretrained vectors that the embeddings of target words, the decoder's input, "
        "start from",
    )
    hidden: int = Field(256, ge=1, description="size of the GRU states")
    layers: int = Field(1, ge=1, le=8, description="GRU layers in encoder and decoder")
    residual: bool = Field(
        True,
        description="each GRU layer but the first adds its input to its output (Wu et al. 2016), "
        "without which several layers learn slowly",
    )
    bidirectional: bool = Field(
        False, description="the encoder reads the source sentence in both directions"
    )
    dropout: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="dropout on embeddings and on the input of the output layer in training",
    )
    readout: Literal["state", "deep"] = Field(
        "state",
        description="what the output layer predicts the next word from. `state`: the decoder's "
        "state, as in the tutorial; `deep`: state, context vector and previous word (Bahdanau "
        "et al. 2015, A.2.2)",
    )

    @property
    def weights_sum(self) -> str:
        """See `NetworkSettings.weights_sum`."""
        if self.attention == "none":
            return "The plain decoder has no attention, so all weights are 0."
        if self.attention == "local-p":
            return (
                "The weights of an output word sum to at most 1: local-p scales them down with "
                "their distance from the predicted position, as in the paper."
            )
        if self.attention == "multi-head":
            return "The weights are averaged over the heads; those of an output word sum to 1."
        return "The weights of an output word sum to 1."

    @model_validator(mode="after")
    def _heads_divide_the_state(self) -> Self:
        if self.attention == "multi-head" and self.hidden % self.heads:
            raise ValueError(f"heads: {self.heads} heads cannot divide a hidden of {self.hidden}")
        return self

    @model_validator(mode="after")
    def _tying_needs_equal_sizes(self) -> Self:
        if self.tied_embeddings and self.readout == "state" and self.hidden != self.embedding:
            raise ValueError("tied_embeddings with readout 'state' needs hidden equal to embedding")
        return self

    @model_validator(mode="after")
    def _tied_output_has_its_own_start(self) -> Self:
        # Its weights must start far below the spread of pretrained vectors.
        if self.tied_embeddings and self.target_vectors is not None:
            raise ValueError("target_vectors and tied_embeddings exclude each other")
        return self

    @model_validator(mode="after")
    def _copying_needs_attention(self) -> Self:
        if self.copying and self.attention == "none":
            raise ValueError("copying: attention 'none' has no weights to copy with")
        return self

    @model_validator(mode="after")
    def _dot_needs_equal_sizes(self) -> Self:
        if self.attention == "dot" and self.bidirectional:
            raise ValueError(
                "attention 'dot' needs encoder outputs as wide as the decoder's state, and those "
                "of both directions are twice as wide: set bidirectional to false or take 'general'"
            )
        return self


class TransformerModel(NetworkSettings):
    """Transformer with layer normalisation before each sub-layer (Vaswani et al. 2017)."""

    network: Literal["transformer"] = Field(description="kind of network")
    layers: int = Field(2, ge=1, le=24, description="layers in encoder and in decoder")
    heads: int = Field(
        4, ge=1, le=64, description="attention heads in each layer; `embedding` is a multiple of it"
    )
    feed_forward: int = Field(
        1024, ge=1, description="width of the hidden layer of the feed-forward networks"
    )
    dropout: float = Field(
        0.1,
        ge=0,
        lt=1,
        description="dropout on embeddings, attention weights and the output of each sub-layer in "
        "training",
    )

    @property
    def attention(self) -> str:
        """The name of the attention, as the report says it."""
        return "transformer"

    @property
    def weights_sum(self) -> str:
        """See `NetworkSettings.weights_sum`."""
        return (
            "The weights are those of the last layer, averaged over its heads; those of an output "
            "word sum to 1."
        )

    @model_validator(mode="after")
    def _heads_divide_the_width(self) -> Self:
        if self.embedding % self.heads:
            raise ValueError(
                f"heads: {self.heads} heads cannot divide an embedding of {self.embedding}"
            )
        return self


TranslationModel = GRUModel | TransformerModel
"""Told apart by `network`; without it, the network is a GRU."""
