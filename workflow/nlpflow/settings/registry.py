"""An entry of the registry of corpora: `config/corpora.yaml`, and the user's own."""

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from nlpflow.errors import UserError
from nlpflow.settings.base import Language, Name, Settings
from nlpflow.text.addresses import raw_path

DATE_PATTERN = r"^\d{4}-\d{2}-\d{2}$"
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Date = Annotated[str, Field(pattern=DATE_PATTERN)]
Split = Literal["train", "dev", "test"]


DESCRIPTION = ("title", "licence", "attribution")
"""The keys of a corpus that only people read."""


BY_LANGUAGE = ("aligned", "lines", "word_pairs", "analogies")
"""Readers whose files have one language each."""
ENTRIES = ("snips", "rasa", "questions", "chatterbot", "dialogues")
"""Readers of JSON and YAML, whose files consist of entries with one pair or more."""


class Version(Settings):
    """The data that published results were made from, for files that the site replaces in place."""

    date: Date = Field(description="when the site published this data; write it in quotes")
    pairs: int | None = Field(None, ge=1, description="number of pairs in this data, for messages")
    sha256: Sha256 | None = Field(
        None,
        description="SHA-256 of the text itself: of the `member`, not of the archive. If the data "
        "differs, the workflow continues, and the log, cards, tables and `nlpflow verify` say "
        "so; null: unknown",
    )

    def __str__(self) -> str:
        pairs = [f"{self.pairs:,} pairs"] if self.pairs else []
        return ", ".join([self.date, *pairs])


class CorpusFile(Settings):
    """One file of a corpus: where it is and what it contains."""

    address: str = Field(
        min_length=1,
        description="http(s) address, or the path of a local file, relative to the repository or "
        "else to the working folder",
    )
    copies: tuple[str, ...] = Field(
        (),
        strict=False,
        description="other addresses of the same file, tried in this order if `address` cannot be "
        "downloaded or has another `sha256`",
    )
    member: str | None = Field(
        None, description="the file in a zip archive that is read; the archive is not unpacked"
    )
    version: Version | None = Field(
        None, description="the data that published results were made from, see below"
    )
    sha256: Sha256 | None = Field(
        None,
        description="expected SHA-256 of the download. Leave it out if the site replaces the file "
        "without changing its address: the SHA-256 of the download is then recorded",
    )
    size: int | None = Field(
        None, ge=1, description="size of the download in bytes, to estimate the time that it takes"
    )
    language: Language | None = Field(
        None, description="the language of this file, for readers that need one file per language"
    )
    split: Split | None = Field(
        None,
        description="`train`, `dev` or `test`: the split that this file belongs to. Give it for "
        "all files of a corpus or for none. If a corpus has no dev file, a dev set is taken "
        "from train; a corpus of sentences or tagged words with test files only is for testing. "
        "Without this key, the `split` of a dataset says how the corpus is divided",
    )

    @property
    def is_remote(self) -> bool:
        """Whether the file must be downloaded."""
        return urlsplit(self.address).scheme in ("http", "https")

    def as_read(self) -> Self:
        """The entry without the keys that do not change what is read."""
        return self.model_copy(update={"copies": (), "version": None, "size": None})

    @model_validator(mode="after")
    def _digest_needs_download(self) -> Self:
        if "://" in self.address and not self.is_remote:
            raise ValueError(f"address {self.address!r}: only http, https and local paths are read")
        for key in ("sha256", "copies"):
            if getattr(self, key) and not self.is_remote:
                raise ValueError(f"{key}: only for a download; address is a local file")
        if self.is_remote:
            try:
                paths = [raw_path(address) for address in (self.address, *self.copies)]
            except UserError as error:
                raise ValueError(str(error)) from None
            if len(set(paths)) < len(paths):
                raise ValueError("copies: the same address is listed twice")
        return self


class ColumnLayout(Settings):
    """The layout of a file with columns of tagged words; entities are converted to IOB2 tags."""

    word: int = Field(1, ge=1, description="column of the word, counted from 1")
    tag: int = Field(2, ge=1, description="column of the tag")
    separator: Literal["tab", "space"] = Field(
        "tab",
        description="what separates the columns: one tab, or any number of spaces and tabs",
    )
    comments: str | None = Field(
        None,
        min_length=1,
        description="lines that start with this text are comments; null: there are no comments",
    )
    scheme: Literal["IOB2", "IOBES", "BILOU", "plain"] = Field(
        "IOB2",
        description="`IOB2`, `IOBES` and `BILOU`: the tags mark entities. If the first tag of an "
        "entity is I instead of B, as in IOB1, it is corrected and counted. `plain`: the tags "
        "do not mark entities",
    )
    rename: dict[Name, Name] = Field(
        {},
        description="new names for entity types (with scheme `plain`: for tags). Renaming a type "
        "to `O`, as in `OTH: O`, removes its entities",
    )

    @model_validator(mode="after")
    def _two_columns(self) -> Self:
        if self.word == self.tag:
            raise ValueError(f"word and tag are both column {self.word}")
        return self


class Corpus(Settings):
    """One corpus, downloaded or local: its files, its licence and how it is read."""

    title: str = Field(min_length=1, description="what the corpus is, shown in the report")
    licence: str = Field(min_length=1, description="licence of the data, shown in the report")
    attribution: str = Field(min_length=1, description="whom to credit, shown in the report")
    reader: Literal[
        "tsv",
        "aligned",
        "snips",
        "rasa",
        "questions",
        "chatterbot",
        "dialogues",
        "lines",
        "conllu",
        "columns",
        "word_pairs",
        "analogies",
    ] = Field(
        description="`tsv`: one pair per line, with columns in the order of `languages` and "
        "optionally a third column with the attribution; `aligned`: one file per language, "
        "whose lines correspond; `lines`: one file per language, with one sentence per "
        "line, without pairs; `conllu`: a treebank in CoNLL-U; `columns`: one tagged "
        "word per line, a blank line after each sentence. Readers of requests to assistants "
        "(JSON), whose second side is a command such as `play(artist=Miles Davis)`: `snips`: "
        "queries in pieces, by intent; `rasa`: Rasa NLU's `common_examples`. `questions`: "
        "questions with one answer or more (JSON, as WebQuestions has them). Readers of "
        "dialogues, whose pairs are the last two turns and the response: `chatterbot`: "
        "ChatterBot's YAML; `dialogues`: Schema-Guided Dialogue's JSON. Readers of lists to test "
        "word vectors with: `word_pairs`: two words and a human score per line; "
        "`analogies`: four words per line"
    )
    languages: tuple[Language, ...] = Field(
        min_length=1,
        strict=False,
        description="ISO 639-3 codes, in the order of the columns; exactly two for pairs. "
        "`zxx` stands for what is not a language, such as commands. A suffix tells apart two "
        "columns of one language: `eng` and `eng_answers`",
    )
    files: tuple[CorpusFile, ...] = Field(
        min_length=1, strict=False, description="the files, see below"
    )
    annotations: str | None = Field(
        None,
        description="local tab-separated file with a header: one column per language, then "
        "`alignment` (gold word alignment such as `0-0 1-2`, of the words after normalisation "
        "`tutorial`) or `group` (pairs of a group stay in the same split) or both",
    )

    columns: ColumnLayout | None = Field(
        None,
        description="required with the reader `columns`, not allowed with others: the layout of "
        "its files",
    )

    @model_validator(mode="after")
    def _files_fit_reader(self) -> Self:
        if self.has_pairs and len(self.languages) != 2:
            raise ValueError(f"languages: reader '{self.reader}' needs exactly two codes")
        if len(set(self.languages)) < len(self.languages):
            raise ValueError("languages: the same code is listed twice")
        if len({file.split is None for file in self.files}) > 1:
            raise ValueError("files: either every file has a split or none has")
        for split in dict.fromkeys(file.split for file in self.files):
            languages = [file.language for file in self.files if file.split == split]
            by_language = self.reader in BY_LANGUAGE
            if by_language and sorted(map(str, languages)) != sorted(self.languages):
                raise ValueError(f"files: reader '{self.reader}' needs one file per language")
            if self.reader == "tsv" and languages != [None]:
                raise ValueError("files: reader 'tsv' needs one file, without 'language'")
            if not by_language and set(languages) != {None}:
                raise ValueError(f"files: reader '{self.reader}' takes no 'language'")
        return self

    @model_validator(mode="after")
    def _splits_are_whole(self) -> Self:
        if not self.has_own_split:
            return self
        if not (self.has_sentences or self.has_tags):
            raise ValueError(f"reader '{self.reader}' takes no 'split'")
        if "test" not in self.splits:
            raise ValueError(
                f"files: no file of split test, only of {' and '.join(sorted(self.splits))}; "
                "either remove 'split' from all files, so that datasets divide the corpus, or set "
                "the split of the dev file to test, so that datasets take a dev set from train"
            )
        if "train" not in self.splits and (self.has_pairs or self.splits != {"test"}):
            instead = "name them under `test_sets` of a config" if self.has_pairs else "add train"
            raise ValueError(f"files: no file of split train; {instead}, or leave 'split' out")
        return self

    @model_validator(mode="after")
    def _tags_fit_reader(self) -> Self:
        if self.annotations and not self.has_pairs:
            raise ValueError(f"annotations are for pairs, not for reader '{self.reader}'")
        if (self.reader == "columns") != (self.columns is not None):
            raise ValueError("columns: required with reader 'columns', and only there")
        return self

    def as_read(self) -> Self:
        """The entry without the keys that do not affect the data, so their edits rerun no job.

        Required keys that only people read are set to `-`.
        """
        files = tuple(file.as_read() for file in self.files)
        return self.model_copy(update={**dict.fromkeys(DESCRIPTION, "-"), "files": files})

    @property
    def has_pairs(self) -> bool:
        """Whether its sentences come in pairs of translations."""
        return self.reader in ("tsv", "aligned", *ENTRIES)

    @property
    def has_tags(self) -> bool:
        """Whether each of its words has a tag."""
        return self.reader in ("conllu", "columns")

    @property
    def has_entities(self) -> bool:
        """Whether its tags mark entities in a scheme."""
        return self.columns is not None and self.columns.scheme != "plain"

    @property
    def has_sentences(self) -> bool:
        """Whether it has plain sentences, in pairs or not."""
        return self.has_pairs or self.reader == "lines"

    @property
    def has_own_split(self) -> bool:
        """Whether the corpus has its own split."""
        return self.files[0].split is not None

    @property
    def splits(self) -> frozenset[Split]:
        """The splits that its files have; empty if it has no own split."""
        return frozenset(file.split for file in self.files if file.split is not None)

    @property
    def lacks_dev(self) -> bool:
        """Whether a dev set must be cut out of its training set."""
        return self.splits == {"train", "test"}
