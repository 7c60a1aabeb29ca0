"""Settings of datasets and vocabularies: what `prepare` and `vocabulary` do."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from nlpflow.settings.base import Language, Name, Settings
from nlpflow.settings.registry import Corpus
from nlpflow.text.languages import written_without_latin

OTHER_SCRIPTS = "cased"
"""The normalisation of pairs with a language that is not written in Latin letters."""


class SplitSettings(Settings):
    """How a corpus is divided; one with its own split keeps it."""

    dev: float = Field(
        0.1,
        gt=0,
        lt=1,
        description="share held out as dev set; of train, where a corpus brings train and test "
        "but no dev",
    )
    test: float = Field(0.1, gt=0, lt=1, description="share held out as test set")
    salt: str = Field("nlpflow", description="change it to draw another split")

    @model_validator(mode="after")
    def _train_is_left(self) -> Self:
        if self.dev + self.test >= 1:
            raise ValueError("dev and test together leave nothing to train on")
        return self


class FilterSettings(Settings):
    """Which pairs stay, applied in this order after the split."""

    fewer_tokens_than: int | None = Field(
        None,
        ge=2,
        description="keep pairs with fewer words than this on both sides (the tutorial's "
        "`MAX_LENGTH` is 10: at most 9 words); in a script without spaces (Chinese, Japanese, "
        "Thai, ...) every character counts as a word",
    )
    prefixes: dict[Language, Annotated[tuple[str, ...], Field(strict=False)]] = Field(
        default={},
        description="by language: keep pairs whose normalised sentence starts with one of these",
    )
    drop_empty: bool = Field(True, description="drop pairs with an empty side")
    drop_duplicates: bool = Field(True, description="keep the first of equal normalised pairs")
    drop_copies: bool = Field(True, description="drop pairs whose source equals their target")
    max_length_ratio: float | None = Field(
        None, gt=1, description="drop pairs with one side this many times longer than the other"
    )


Normalisation = Literal["tutorial", "cased", "cased_words", "words"]


class PairDataset(Settings):
    """Sentence pairs of a corpus: normalised, split without leakage, filtered."""

    kind: Literal["pairs"] = Field(description="what the dataset is made of")
    corpus: Name = Field(description="a corpus of the registry")
    source: Language = Field(description="the language translated from")
    target: Language = Field(description="the language translated into")
    normalisation: Normalisation = Field(
        "tutorial",
        description="`tutorial`: lower case, no accents, letters and `.!?` only; `cased`: keeps "
        "case, accents and all scripts, tidies white space and invisible characters: for subwords; "
        "`cased_words`: as `cased`, with signs apart from the words (`home` and `home.` have the "
        "same word): for vocabularies of words; `words`: as `cased_words`, in lower case; left "
        f"out, it is `{OTHER_SCRIPTS}` where a language is not written in Latin letters, for which "
        "`tutorial` is refused",
    )
    split: SplitSettings = Field(SplitSettings(), description="how pairs are divided")
    filters: FilterSettings = Field(FilterSettings(), description="which pairs stay")

    @model_validator(mode="before")
    @classmethod
    def _normalisation_of_the_languages(cls, values: Any) -> Any:
        if isinstance(values, dict) and "normalisation" not in values:
            languages = [values.get(role) for role in ("source", "target")]
            if any(isinstance(name, str) and written_without_latin(name) for name in languages):
                return values | {"normalisation": OTHER_SCRIPTS}
        return values

    @property
    def corpus_names(self) -> tuple[str, ...]:
        """The corpora that it is made from."""
        return (self.corpus,)

    def languages_in(self, registry: Mapping[str, Corpus]) -> tuple[str, ...]:
        """Its languages, source first."""
        return (self.source, self.target)


class PooledDataset(Settings):
    """What both kinds of datasets of sentences have."""

    corpora: tuple[Name, ...] = Field(
        min_length=1, strict=False, description="corpora of the registry, pooled"
    )
    languages: tuple[Language, ...] = Field(
        (),
        strict=False,
        description="languages whose sentences are taken; empty: every language of the corpora",
    )

    @property
    def corpus_names(self) -> tuple[str, ...]:
        """The corpora that it is made from."""
        return self.corpora

    def languages_in(self, registry: Mapping[str, Corpus]) -> tuple[str, ...]:
        """Its languages, in the order of the corpora if it names none."""
        there = [language for name in self.corpora for language in registry[name].languages]
        return self.languages or tuple(dict.fromkeys(there))


class SentenceDataset(PooledDataset):
    """Sentences of several languages: normalised, split without leakage, balanced."""

    kind: Literal["sentences"] = Field(description="what the dataset is made of")
    normalisation: Normalisation = Field(
        "cased",
        description="as for pairs; `cased` keeps what tells scripts and languages apart; `words` "
        "is for word vectors",
    )
    max_per_language: int | None = Field(
        None,
        ge=1,
        description="keep at most this many sentences of a language in each of train, dev and "
        "test, drawn evenly; null: all of them",
    )
    split: SplitSettings = Field(SplitSettings(), description="how sentences are divided")


class TestSentenceDataset(PooledDataset):
    """Sentences of several languages that are only tested on: all of a corpus, or its test files.

    Equal sentences count once, those under two languages not at all.
    """

    kind: Literal["test_sentences"] = Field(description="what the dataset is made of")
    languages: tuple[Language, ...] = Field(
        (), strict=False, description="as for sentences; a run is asked those that it knows"
    )
    apart_from: tuple[Name, ...] = Field(
        (),
        strict=False,
        description="datasets of kind `sentences`; what stands in their training sets is left out, "
        "for every run alike. Sentences that a run has trained on all the same are counted "
        "(`overlap`), and the scores without them are given, too (`..._without_overlap`)",
    )


class OfTaggedWords(Settings):
    """What both kinds of datasets of tagged words have."""

    corpus: Name = Field(description="a corpus of the registry, of reader `conllu` or `columns`")
    tags: Literal["upos", "xpos"] | None = Field(
        None,
        description="reader `conllu`, where it is required: the universal or the language's own "
        "part-of-speech tags",
    )

    @property
    def corpus_names(self) -> tuple[str, ...]:
        """The corpora that it is made from."""
        return (self.corpus,)

    def languages_in(self, registry: Mapping[str, Corpus]) -> tuple[str, ...]:
        """Its languages."""
        return registry[self.corpus].languages


class TaggedSplitSettings(SplitSettings):
    """How a corpus of tagged words is divided; one with its own split keeps it."""

    by: Literal["document", "sentence"] = Field(
        "document",
        description="what stays whole: `document`, where the files mark them (`# newdoc`, "
        "`-DOCSTART-`), and sentences that two splits would share leave train, or dev; `sentence`: "
        "all equal sentences are in the same split",
    )


class TaggedDataset(OfTaggedWords):
    """Sentences whose words have tags: divided without leakage, or in the corpus's own split."""

    kind: Literal["labelled"] = Field(description="what the dataset is made of")
    normalisation: Literal["none", "digits"] = Field(
        "none",
        description="of words: `none`: unchanged, but composed (NFC); `digits`: every digit also "
        "becomes 0",
    )
    max_words: int | None = Field(
        None, ge=1, description="drop longer training sentences; null: keep all"
    )
    split: TaggedSplitSettings = Field(
        TaggedSplitSettings(), description="how sentences are divided"
    )


class TestTaggedDataset(OfTaggedWords):
    """Sentences whose words have tags, only tested on: all of a corpus, or its test files."""

    kind: Literal["test_labelled"] = Field(description="what the dataset is made of")


Dataset = Annotated[
    PairDataset | SentenceDataset | TestSentenceDataset | TaggedDataset | TestTaggedDataset,
    Field(discriminator="kind"),
]
"""A corpus prepared; `kind` says which settings it has."""


COVERAGE = 0.9995
"""SentencePiece's default."""
Size = Annotated[int, Field(ge=8)]


class SideSizes(Settings):
    """`max_size` of a vocabulary for each side: short pairs may have no number that fits both."""

    source: Size = Field(description="of the source side")
    target: Size = Field(description="of the target side")


class VocabularySettings(Settings):
    """The tokens of a dataset's two sides, shared by every run that names it."""

    dataset: Name = Field(description="the dataset whose training set is counted")
    kind: Literal["words", "subwords"] = Field(
        "words", description="words between spaces, or subwords (SentencePiece unigram)"
    )
    min_count: int = Field(
        1, ge=1, description="words: those seen less often in training are unknown"
    )
    max_size: SideSizes | None = Field(
        None,
        description="words: keep the most frequent ones, special tokens included; subwords: the "
        "number of pieces, required; one number, or `{source: N, target: M}`",
    )
    character_coverage: float = Field(
        COVERAGE,
        ge=0.98,
        le=1,
        description="subwords: share of the training set's characters, the most frequent first, "
        "that are pieces; the others are written in bytes. Less of a script with thousands of "
        "characters lowers the smallest possible number of pieces",
    )

    def size(self, side: str) -> int | None:
        """`max_size` of the side `source` or `target`; of texts without sides, that of `source`."""
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
        if self.kind == "words" and self.character_coverage != COVERAGE:
            raise ValueError("character_coverage is for subwords; words are taken whole")
        return self
