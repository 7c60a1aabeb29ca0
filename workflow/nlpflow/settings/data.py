"""Settings of datasets and vocabularies, for the rules `prepare` and `vocabulary`."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from nlpflow.settings.base import Language, Name, Settings
from nlpflow.settings.registry import Corpus, Split
from nlpflow.text.languages import written_without_latin

OTHER_SCRIPTS = "cased"
"""The default normalisation of pairs if a language is not written in Latin script."""


class SplitSettings(Settings):
    """How a corpus is split into train, dev and test; a corpus with its own split keeps it."""

    dev: float = Field(
        0.1,
        gt=0,
        lt=1,
        description="share held out as dev set; taken from train if the corpus brings train and "
        "test but no dev",
    )
    test: float = Field(0.1, gt=0, lt=1, description="share held out as test set")
    salt: str = Field("nlpflow", description="change it to draw another split")

    @model_validator(mode="after")
    def _train_is_left(self) -> Self:
        if self.dev + self.test >= 1:
            raise ValueError("dev and test together leave nothing to train on")
        return self


class FilterSettings(Settings):
    """Filters that decide which pairs are kept, applied in this order after the split."""

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
    prefixes_in: tuple[Split, ...] = Field(
        ("train", "dev", "test"),
        min_length=1,
        strict=False,
        description="the splits that `prefixes` apply to; with `[dev, test]` training has the "
        "other pairs as well, while dev and test set stay those of a dataset with all three",
    )
    drop_empty: bool = Field(True, description="drop pairs with an empty side")
    drop_duplicates: bool = Field(True, description="keep the first of equal normalised pairs")
    drop_copies: bool = Field(True, description="drop pairs whose source equals their target")
    max_length_ratio: float | None = Field(
        None,
        gt=1,
        description="drop pairs in which one side is more than this many times as long as the "
        "other, in characters",
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
        description="`tutorial`: lower case, no accents, only letters and `.!?`; `cased`, for "
        "subwords: keeps case, accents and all scripts, tidies white space and removes invisible "
        "characters; `cased_words`, for vocabularies of words: as `cased`, with punctuation "
        "separated from words, so that `home` and `home.` share a word; `words`: as `cased_words`, "
        f"in lower case. The default is `{OTHER_SCRIPTS}` if a language is not written in Latin "
        "script, for which `tutorial` is refused",
    )
    split: SplitSettings = Field(SplitSettings(), description="how the pairs are divided")
    filters: FilterSettings = Field(FilterSettings(), description="which pairs are kept")

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
    """The settings that the kinds `sentences` and `test_sentences` share."""

    corpora: tuple[Name, ...] = Field(
        min_length=1, strict=False, description="corpora of the registry, taken together"
    )
    languages: tuple[Language, ...] = Field(
        (),
        strict=False,
        description="the languages to take; empty: every language of the corpora",
    )

    @property
    def corpus_names(self) -> tuple[str, ...]:
        """The corpora that it is made from."""
        return self.corpora

    def languages_in(self, registry: Mapping[str, Corpus]) -> tuple[str, ...]:
        """Its languages; if it names none, those of the corpora in their order."""
        there = [language for name in self.corpora for language in registry[name].languages]
        return self.languages or tuple(dict.fromkeys(there))


class SentenceDataset(PooledDataset):
    """Sentences of several languages: normalised, split without leakage, balanced."""

    kind: Literal["sentences"] = Field(description="what the dataset is made of")
    normalisation: Normalisation = Field(
        "cased",
        description="as for pairs; `cased` keeps what distinguishes scripts and languages; "
        "`words` is for word vectors",
    )
    max_per_language: int | None = Field(
        None,
        ge=1,
        description="keep at most this many sentences per language in each of train, dev and "
        "test, chosen at random; null: keep all",
    )
    split: SplitSettings = Field(SplitSettings(), description="how the sentences are divided")


class TestSentenceDataset(PooledDataset):
    """Sentences of several languages, for testing only: a whole corpus, or its test files.

    Equal sentences count once; a sentence that occurs in two languages is left out.
    """

    kind: Literal["test_sentences"] = Field(description="what the dataset is made of")
    languages: tuple[Language, ...] = Field(
        (), strict=False, description="as for sentences; a run is tested on those that it knows"
    )
    apart_from: tuple[Name, ...] = Field(
        (),
        strict=False,
        description="datasets of kind `sentences`: sentences of their training sets are left out, "
        "for every run alike. Other sentences that a run has trained on are counted (`overlap`), "
        "and scores without them are given as well (`..._without_overlap`)",
    )


class OfTaggedWords(Settings):
    """The settings that the kinds `labelled` and `test_labelled` share."""

    corpus: Name = Field(description="a corpus of the registry, of reader `conllu` or `columns`")
    tags: Literal["upos", "xpos"] | None = Field(
        None,
        description="required with the reader `conllu`, and only there: universal (`upos`) or "
        "language-specific (`xpos`) part-of-speech tags",
    )

    @property
    def corpus_names(self) -> tuple[str, ...]:
        """The corpora that it is made from."""
        return (self.corpus,)

    def languages_in(self, registry: Mapping[str, Corpus]) -> tuple[str, ...]:
        """Its languages."""
        return registry[self.corpus].languages


class TaggedSplitSettings(SplitSettings):
    """How a corpus of tagged words is split; a corpus with its own split keeps it."""

    by: Literal["document", "sentence"] = Field(
        "document",
        description="what is kept in one split: `document`: the sentences of a document, if the "
        "files mark documents (`# newdoc`, `-DOCSTART-`); sentences that two splits would share "
        "are dropped from train, or from dev; `sentence`: equal sentences",
    )


class TaggedDataset(OfTaggedWords):
    """Sentences of tagged words, split without leakage or in the corpus's own split."""

    kind: Literal["labelled"] = Field(description="what the dataset is made of")
    normalisation: Literal["none", "digits"] = Field(
        "none",
        description="how words are normalised: `none`: only composed (NFC); `digits`: also every "
        "digit becomes 0",
    )
    max_words: int | None = Field(
        None, ge=1, description="drop training sentences with more words; null: keep all"
    )
    max_training: int | None = Field(
        None,
        ge=1,
        description="keep at most this many training sentences, chosen at random, the smaller "
        "choice being part of the larger one; null: keep all",
    )
    split: TaggedSplitSettings = Field(
        TaggedSplitSettings(), description="how the sentences are divided"
    )


class TestTaggedDataset(OfTaggedWords):
    """Sentences of tagged words, for testing only: a whole corpus, or its test files."""

    kind: Literal["test_labelled"] = Field(description="what the dataset is made of")


Dataset = Annotated[
    PairDataset | SentenceDataset | TestSentenceDataset | TaggedDataset | TestTaggedDataset,
    Field(discriminator="kind"),
]
"""Settings of a dataset; its `kind` selects the class."""


COVERAGE = 0.9995
"""SentencePiece's default."""
Size = Annotated[int, Field(ge=8)]


class SideSizes(Settings):
    """`max_size` of each side's vocabulary, for language pairs that need two different sizes."""

    source: Size = Field(description="`max_size` of the source side")
    target: Size = Field(description="`max_size` of the target side")


class VocabularySettings(Settings):
    """The vocabularies of a dataset's two sides, shared by every run that names them."""

    dataset: Name = Field(
        description="the dataset that is encoded; its training set gives the tokens"
    )
    made_from: Name | None = Field(
        None,
        description="another dataset whose training set gives the tokens: the same ones as in a "
        "vocabulary of that dataset with the same settings, so that a run can start from a run on "
        "it (`initialise_from`). It must share no sentence with dev or test of `dataset`",
    )
    kind: Literal["words", "subwords"] = Field(
        "words", description="words between spaces, or subwords (SentencePiece unigram)"
    )
    min_count: int = Field(
        1,
        ge=1,
        description="`words` only: words that occur less often in training are out-of-vocabulary",
    )
    max_size: SideSizes | None = Field(
        None,
        description="`words`: keep this many of the most frequent words, special tokens included; "
        "`subwords`: the number of pieces, required. One number, or `{source: N, target: M}`",
    )
    character_coverage: float = Field(
        COVERAGE,
        ge=0.98,
        le=1,
        description="`subwords` only: share of the training set's characters, the most frequent "
        "first, that become pieces; the others are written as bytes. In a script with thousands "
        "of characters a smaller share allows fewer pieces",
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
        if self.kind == "words" and self.character_coverage != COVERAGE:
            raise ValueError("character_coverage is for subwords; words are taken whole")
        return self
