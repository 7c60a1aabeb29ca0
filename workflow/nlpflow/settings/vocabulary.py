"""Settings of the vocabularies of pairs, for the rule `vocabulary`."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from nlpflow.settings.base import Name, Settings

COVERAGE = 0.9995
"""SentencePiece's default."""
Size = Annotated[int, Field(ge=8)]


class SideSizes(Settings):
    """`max_size` of each side's vocabulary, for language pairs that need two different sizes."""

    source: Size = Field(description="`max_size` of the source side")
    target: Size = Field(description="`max_size` of the target side")


class VocabularySettings(Settings):
    """The vocabularies of a dataset of pairs, one per side; several experiments can share them."""

    dataset: Name = Field(description="the dataset to encode; its training set gives the tokens")
    made_from: Name | None = Field(
        None,
        description="another dataset whose training set gives the tokens. They are the same as in "
        "a vocabulary of that dataset with the same settings, so a run can start from a run on "
        "that dataset (`initialise_from`). Its training set must share no sentence with "
        "the dev or test set of `dataset`",
    )
    kind: Literal["words", "subwords", "parts"] = Field(
        "words",
        description="`words`: words between spaces; `subwords`: learnt by SentencePiece (unigram); "
        "`parts`, for commands and code: runs of letters, runs of digits and single signs, which a "
        "network can also copy from the source (`model.copying`), with a mark at each space, or "
        "lack of one, that is unusual in the training set",
    )
    min_count: int = Field(
        1,
        ge=1,
        description="`words` and `parts`: those that occur less often than this are unknown",
    )
    max_size: SideSizes | None = Field(
        None,
        description="`words`, `parts`: keep at most this many entries, the most frequent ones and "
        "the special tokens; `subwords`: the number of subwords, required. One number, or "
        "`{source: N, target: M}`",
    )
    character_coverage: float = Field(
        COVERAGE,
        ge=0.98,
        le=1,
        description="`subwords` only: share of the characters in the training set that become "
        "subwords, the most frequent first; the others are written as bytes. For a language with "
        "thousands of characters, a lower share makes a smaller `max_size` possible",
    )

    def size(self, side: str) -> int | None:
        """`max_size` of the side `source` or `target`; that of `source` for texts without sides."""
        sizes = self.max_size
        return None if sizes is None else sizes.target if side == "target" else sizes.source

    @field_validator("max_size", mode="before", json_schema_input_type=Size | SideSizes | None)
    @classmethod
    def _one_for_both_sides(cls, value: Any) -> Any:
        if isinstance(value, int) and not isinstance(value, bool):
            return {"source": value, "target": value}
        if value is None or isinstance(value, dict | SideSizes):
            return value
        raise ValueError("input should be a whole number, or `{source: N, target: M}`")

    @model_validator(mode="after")
    def _subwords_need_a_size(self) -> Self:
        if self.kind == "subwords" and self.max_size is None:
            raise ValueError("kind 'subwords' needs max_size")
        if self.kind == "subwords" and self.min_count != 1:
            raise ValueError("min_count is for words; subwords are chosen by max_size")
        if self.kind != "subwords" and self.character_coverage != COVERAGE:
            raise ValueError(f"character_coverage is for subwords; {self.kind} are taken whole")
        return self
