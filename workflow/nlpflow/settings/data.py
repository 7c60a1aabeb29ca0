"""Settings of datasets, for the rules `prepare`."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from nlpflow.settings.base import Language, Name, Settings
from nlpflow.settings.registry import Corpus, Split
from nlpflow.text.languages import written_without_latin

OTHER_SCRIPTS = "cased"
"""The default normalisation of pairs if a language is not written in Latin script."""


class SplitSettings(Settings):
    """How a corpus is divided. A corpus that has its own split keeps it."""

    dev: float = Field(
        0.1,
        gt=0,
        lt=1,
        description="share held out as dev set (validation set); taken from train if the corpus "
        "has train and test files but no dev file",
    )
    test: float = Field(0.1, gt=0, lt=1, description="share of the data held out as test set")
    salt: str = Field("nlpflow", description="any text; another one gives another random split")

    @model_validator(mode="after")
    def _train_is_left(self) -> Self:
        if self.dev + self.test >= 1:
            raise ValueError("dev and test together leave nothing to train on")
        return self


class PairSplitSettings(SplitSettings):
    """How a corpus of pairs is divided."""

    by: Literal["sentence", "source", "document"] = Field(
        "sentence",
        description="what is never in two splits. `sentence`: an equal sentence on either side; "
        "`source`: an equal source, for targets that many sources share, such as answers; "
        "`document`: a document (dialogue) of the corpus, whose sentences may occur in others",
    )
    keep: bool = Field(
        True,
        description="keep the corpus's own split if it has one; false: divide the corpus anew",
    )


class FilterSettings(Settings):
    """Filters that decide which pairs are kept. They are applied after the split, in this order."""

    fewer_tokens_than: int | None = Field(
        None,
        ge=2,
        description="keep pairs that have fewer words than this on both sides (the tutorial's "
        "`MAX_LENGTH` is 10: at most 9 words); in a language without spaces (Chinese, Japanese, "
        "Thai, ...) every character counts as a word",
    )
    prefixes: dict[Language, Annotated[tuple[str, ...], Field(strict=False)]] = Field(
        default={},
        description="by language: keep only pairs whose side in this language, after "
        "normalisation, starts with one of these texts",
    )
    prefixes_in: tuple[Split, ...] = Field(
        ("train", "dev", "test"),
        min_length=1,
        strict=False,
        description="the splits that `prefixes` apply to. With `[dev, test]` the training set "
        "also has pairs that begin differently; the dev and test sets do not change",
    )
    drop_empty: bool = Field(True, description="drop pairs with an empty side")
    drop_duplicates: bool = Field(True, description="keep only the first of equal pairs of a split")
    drop_copies: bool = Field(True, description="drop pairs whose two sides are equal")
    max_length_ratio: float | None = Field(
        None,
        gt=1,
        description="drop pairs in which one side is more than this many times as long as the "
        "other, in characters",
    )


Normalisation = Literal["tutorial", "cased", "cased_words", "words"]


class PairDataset(Settings):
    """Sentence pairs of one corpus, which are normalised, split without leakage and filtered."""

    kind: Literal["pairs"] = Field(description="kind of dataset: sentence pairs")
    corpus: Name = Field(description="a corpus of the registry")
    source: Language = Field(description="the language to translate from")
    target: Language = Field(description="the language to translate into")
    normalisation: Normalisation = Field(
        "tutorial",
        description="`tutorial`: lower case, no accents, only letters and `.!?`; `cased`, for "
        "subwords: keeps case, accents and all characters, but tidies white space and removes "
        "invisible characters; `cased_words`, for vocabularies of words: as `cased`, and "
        "separates punctuation from words (`home.` becomes two tokens); `words`: as "
        "`cased_words`, in lower case. For languages that are not written in Latin letters the "
        f"default is `{OTHER_SCRIPTS}`, and `tutorial` is refused",
    )
    autoencode: bool = Field(
        False,
        description="the target of each pair is its source, for an autoencoder. Splits and filters "
        "are those of the pairs, so that the encoder can be used for a translator of the same "
        "corpus",
    )
    split: PairSplitSettings = Field(PairSplitSettings(), description="how the pairs are divided")
    filters: FilterSettings = Field(FilterSettings(), description="which pairs are kept")
    max_training: int | None = Field(
        None,
        ge=1,
        description="keep at most this many training pairs, chosen at random. The pairs of a "
        "smaller number are among those of a larger one; null: keep all",
    )

    @model_validator(mode="before")
    @classmethod
    def _normalisation_of_the_languages(cls, values: Any) -> Any:
        if isinstance(values, dict) and "normalisation" not in values:
            languages = [values.get(role) for role in ("source", "target")]
            if any(isinstance(name, str) and written_without_latin(name) for name in languages):
                return values | {"normalisation": OTHER_SCRIPTS}
        return values

    @property
    def kept_apart(self) -> tuple[str, ...]:
        """The sides of which no sentence is in two splits."""
        return {"sentence": ("source", "target"), "source": ("source",)}.get(self.split.by, ())

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
        min_length=1, strict=False, description="corpora whose sentences are put together"
    )
    languages: tuple[Language, ...] = Field(
        (), strict=False, description="the languages to use; empty: all languages of the corpora"
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
    """Sentences of one or more languages, which are normalised and split without leakage."""

    kind: Literal["sentences"] = Field(description="kind of dataset: sentences")
    normalisation: Normalisation = Field(
        "cased",
        description="as for pairs; `cased` keeps the differences between writing systems and "
        "languages; `words` is for word vectors",
    )
    max_per_language: int | None = Field(
        None,
        ge=1,
        description="keep at most this many sentences per language in each of the training, dev "
        "and test sets, chosen at random; null: keep all",
    )
    split: SplitSettings = Field(SplitSettings(), description="how the sentences are divided")


class TestSentenceDataset(PooledDataset):
    """Sentences of several languages for testing only: all of a corpus, or only its test files.

    Equal sentences count once; a sentence that occurs in two languages is dropped.
    """

    kind: Literal["test_sentences"] = Field(description="kind of dataset: sentences for testing")
    languages: tuple[Language, ...] = Field(
        (), strict=False, description="as for sentences; languages unknown to a run are skipped"
    )
    apart_from: tuple[Name, ...] = Field(
        (),
        strict=False,
        description="datasets of kind `sentences`, whose training sentences are removed from this "
        "test set. Other sentences that a run was trained on are counted (`overlap`), and scores "
        "without them are given as well (`..._without_overlap`)",
    )


class OfTaggedWords(Settings):
    """The settings that the kinds `labelled` and `test_labelled` share."""

    corpus: Name = Field(description="a corpus with the reader `conllu` or `columns`")
    tags: Literal["upos", "xpos"] | None = Field(
        None,
        description="required with the reader `conllu`, not allowed with others: universal "
        "(`upos`) or language-specific (`xpos`) part-of-speech tags",
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
        description="what always goes into the same split. `document`: the sentences of a "
        "document, if the files mark documents (`# newdoc`, `-DOCSTART-`); sentences that two "
        "splits would share are dropped from train, or from dev if they are in test. "
        "`sentence`: equal sentences",
    )


class TaggedDataset(OfTaggedWords):
    """Sentences of tagged words, split without leakage or in the corpus's own split."""

    kind: Literal["labelled"] = Field(description="kind of dataset: tagged words")
    normalisation: Literal["none", "digits"] = Field(
        "none",
        description="how words are normalised: `none`: only Unicode normalisation (NFC); "
        "`digits`: also replaces every digit by 0",
    )
    max_words: int | None = Field(
        None, ge=1, description="drop training sentences with more words than this; null: keep all"
    )
    max_training: int | None = Field(
        None,
        ge=1,
        description="keep at most this many training sentences, chosen at random. The "
        "sentences of a smaller number are among those of a larger one; null: keep all",
    )
    split: TaggedSplitSettings = Field(
        TaggedSplitSettings(), description="how the sentences are divided"
    )


class TestTaggedDataset(OfTaggedWords):
    """Sentences of tagged words for testing only: all of a corpus, or only its test files."""

    kind: Literal["test_labelled"] = Field(description="kind of dataset: tagged words for testing")


Dataset = Annotated[
    PairDataset | SentenceDataset | TestSentenceDataset | TaggedDataset | TestTaggedDataset,
    Field(discriminator="kind"),
]
"""Settings of a dataset; its `kind` selects the class."""
