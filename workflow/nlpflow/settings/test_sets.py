"""Settings of a user's own test sets: sentence pairs that belong to no dataset."""

from typing import Self

from pydantic import Field, model_validator

from nlpflow.settings.base import Language, Settings
from nlpflow.settings.registry import Corpus, CorpusFile


class OwnTestSet(Settings):
    """Your own sentence pairs for testing, in addition to the test set of a dataset."""

    languages: tuple[Language, Language] = Field(
        strict=False, description="ISO 639-3 codes, in the order of the columns or files"
    )
    files: tuple[str, ...] = Field(
        min_length=1,
        max_length=2,
        strict=False,
        description="paths of local files, plain or `.gz`: one file with one pair per line and a "
        "tab between its sides, or two files whose lines correspond",
    )

    @model_validator(mode="after")
    def _two_languages_and_local_files(self) -> Self:
        if self.languages[0] == self.languages[1]:
            raise ValueError("languages: two different codes are needed")
        for file in self.files:
            if not file or "://" in file:
                raise ValueError(f"files: {file!r} is not the path of a local file")
        if len(set(self.files)) < len(self.files):
            raise ValueError("files: the same file is listed twice")
        return self

    def corpus(self) -> Corpus:
        """The test set as an entry of the registry, so that it is read like any corpus."""
        tsv = len(self.files) == 1
        languages = (None,) if tsv else self.languages
        return Corpus(
            title="test set",
            licence="its owner's",
            attribution="its owner",
            reader="tsv" if tsv else "aligned",
            languages=self.languages,
            files=tuple(
                CorpusFile(address=file, language=language)
                for file, language in zip(self.files, languages, strict=True)
            ),
        )
