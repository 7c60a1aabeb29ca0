"""Texts of all kinds, as a user's own files: refused in one line, or read as they are meant.

One config has a corpus for each; Snakemake goes on where one fails.
"""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from faults.ending import check_fault, failed, files_below
from nlpflow.vocabulary import load_vocabulary
from nlpflow.vocabulary.encoded import EncodedPairs
from project import Project

pytestmark = pytest.mark.slow  # tests/corpora and tests/prepare try each fault within the process

LETTERS = "abcdefghijklmnopqrstuvwxyz"
PAIRS = [f"Sentence {one}{two}.\tPhrase {one}{two}." for one in LETTERS for two in "abc"]
GOOD = "".join(f"{pair}\n" for pair in PAIRS).encode()
CHECK = "; check the corpus's reader and member"
REST = "\t_" * 6
"""The columns of CoNLL-U that no reader here asks for."""
CONLLU = "".join(
    f"1\t{one}\t_\tNOUN{REST}\n2\tsleeps\t_\tVERB{REST}\n\n" for one in LETTERS
).encode()
COLUMNS = "".join(f"{one}\tB-PER\nsleeps\tO\n\n" for one in LETTERS).encode()


def mostly(line: bytes, good: bytes = GOOD) -> bytes:
    """More of these lines than good ones, of which there are 78 for every reader."""
    return (line + b"\n") * 100 + good


REFUSED = {
    "not-utf8": (
        mostly("déjà\tvu".encode("latin-1")),
        f"only 78 of 178 lines are well-formed (line 1 is not valid UTF-8){CHECK}",
    ),
    "utf16": (
        GOOD.decode().encode("utf-16"),
        f"only 0 of 79 lines are well-formed (line 1 is not valid UTF-8){CHECK}",
    ),
    "nul": (
        mostly(b"a\0b\tc"),
        f"only 78 of 178 lines are well-formed (line 1 has a NUL byte){CHECK}",
    ),
    "endless": (
        b"a\t" + b"b" * 1_000_000,
        f"only 0 of 1 lines are well-formed (line 1 longer than 1000000 bytes){CHECK}",
    ),
    "columns": (
        mostly(b"1\tone\tun\tx"),
        f"only 78 of 178 lines are well-formed (line 1 has 4 columns, not 2 or 3){CHECK}",
    ),
    "empty": (b"", "has no lines; check the corpus's address and member"),
}
"""Corpora that cannot be read: the content, and the last words after the file's name."""

MARKS: dict[str, list[dict[str, str]]] = {
    "tsv": [{}],
    "lines": [{"language": "eng"}],
    "aligned": [{"language": "fra"}, {"language": "eng"}],
    "conllu": [{"split": "train"}, {"split": "dev"}, {"split": "test"}],
    "columns": [{"split": "train"}, {"split": "dev"}, {"split": "test"}],
}
"""What the registry says of each file of a corpus, by its reader. The last file is the text in
question, the others are good."""
GOOD_FILES = {"good.aligned": GOOD, "good.conllu": CONLLU, "good.columns": COLUMNS}

REFUSED_ELSEWHERE = {
    "conllu-not-utf8": (
        mostly(f"1\tdéjà\t_\tADV{REST}".encode("latin-1"), CONLLU),
        f"FILE: only 78 of 178 lines are well-formed (line 1 is not valid UTF-8){CHECK}",
    ),
    "conllu-nul": (
        mostly(f"1\ta\0b\t_\tX{REST}".encode(), CONLLU),
        f"FILE: only 78 of 178 lines are well-formed (line 1 has a NUL byte){CHECK}",
    ),
    "conllu-columns": (
        mostly(b"1\tone\t_\tNUM", CONLLU),
        f"FILE: only 78 of 178 lines are well-formed (line 1 has 4 columns, not 10){CHECK}",
    ),
    "conllu-tags": (
        CONLLU.replace(b"NOUN", b"_").replace(b"VERB", b"_"),
        f"FILE: only 0 of 26 sentences are well-formed (line 1 has no upos){CHECK}",
    ),
    "conllu-comments": (b"# nothing\n\n", "FILE has no sentence; check its layout"),
    "conllu-empty": (b"", "FILE: has no lines; check the corpus's address and member"),
    "columns-not-utf8": (
        mostly("déjà\tO".encode("latin-1"), COLUMNS),
        f"FILE: only 78 of 178 lines are well-formed (line 1 is not valid UTF-8){CHECK}",
    ),
    "columns-nul": (
        mostly(b"a\0b\tO", COLUMNS),
        f"FILE: only 78 of 178 lines are well-formed (line 1 has a NUL byte){CHECK}",
    ),
    "columns-columns": (
        mostly(b"one O", COLUMNS),
        f"FILE: only 78 of 178 lines are well-formed (line 1 has 1 columns, not 2 or more){CHECK}",
    ),
    "columns-tags": (
        mostly(b"one\tNUM", COLUMNS),
        "FILE: only 78 of 178 lines are well-formed (line 1 has 'NUM', which is not a "
        f"tag of IOB2){CHECK}",
    ),
    "columns-scheme": (
        COLUMNS.replace(b"B-PER", b"U-PER") + b"yes\tO\n\n" * 60,
        "FILE: only 0 of 26 sentences with entities are well-formed (line 1 has 'U-PER', which is "
        "not a tag of IOB2); set columns.scheme to BILOU, under which 86 of 86 are",
    ),
    "columns-empty": (b"", "FILE: has no lines; check the corpus's address and member"),
    "lines-not-utf8": (
        mostly("déjà vu".encode("latin-1")),
        f"FILE: only 78 of 178 lines are well-formed (line 1 is not valid UTF-8){CHECK}",
    ),
    "aligned-longer": (
        GOOD + b"one more\n",
        "good.aligned has 78 lines but FILE has 79; aligned files need one line per pair each",
    ),
}
"""Corpora of other readers than `tsv`, which their names begin with: the content, and the last
words after the corpus's name."""

UNPREPARED = {
    "one-pair": (
        b"Go.\tVa !\n",
        "no pairs in …, 1 in all: nothing is filtered; the corpus is too small for these shares",
    ),
    "filtered": (
        GOOD,
        "no pairs in train and dev and test, 0 in all: step fewer_tokens_than drops most of them "
        "(78 pairs); relax it",
    ),
    "letters": (
        "".join(f"漢{one}\tقطة {one}\n" for one in "一二三四五六七八九十").encode(),
        "100.0% of the letters of fra are not Latin, and normalisation 'tutorial' keeps no others; "
        "set it to 'cased'",
    ),
    "numbers": (
        "".join(f"{one}\t{one + 10}\n" for one in range(10)).encode(),
        "no pairs in train and dev and test, 0 in all: step drop_empty drops most of them "
        "(10 pairs); relax it",
    ),
}
"""Corpora that leave nothing: the content, and the last words after the dataset's name."""

FEW_BAD = GOOD + b"caf\xe9\tx\n" + b"a\0b\tc\n" + b"x" * 1_000_001 + b"\ty\n" + b"alone\n"
"""Four lines at fault are listed, and the rest is used."""

ARABIC = [f"القطة رقم {number} نائمة\tThe cat {number} sleeps" for number in "٠١٢٣٤٥٦٧٨٩"]
HEBREW = [f"הַחָתוּל {letter} יָשֵׁן\tThe cat {letter} slept" for letter in "אבגדהוזחטי"]
HINDI = [f"बिल्ली {letter} सो रही है\tThe cat {letter} was asleep" for letter in "कखगघचछजझटठ"]
VIETNAMESE = [
    unicodedata.normalize("NFD", f"Con mèo {letter} đang ngủ") + f"\tThe cat {letter} snores"
    for letter in "ắằẳẵặấầẩẫậ"
]
EMOJI = [
    f"Un chat {sign} 👩‍👩‍👧 dort\tA cat {sign} 🏳️‍🌈 is tired" for sign in "😺😸😹😻😼😽🙀😿😾🐱"
]
MARKED = [f"\u200f{pair}\u200e" for pair in ARABIC]  # marks of direction have no shape
"""As Arabic, in the order of a text that mixes directions."""

READ = {
    "few-bad": FEW_BAD,
    "scripts": "\n".join([*ARABIC, *HEBREW, *HINDI, *VIETNAMESE]).encode(),
    "marked": "\n".join([*MARKED, *HEBREW, *HINDI, *VIETNAMESE]).encode(),
    "emoji": "\n".join(EMOJI + PAIRS).encode(),
    "lf": GOOD,
    "crlf": GOOD.replace(b"\n", b"\r\n"),
    "cr": GOOD.replace(b"\n", b"\r"),
}
"""Corpora that must work."""
FILTERS = {"filtered": {"fewer_tokens_than": 2}, "aligned-few-bad": {"drop_copies": False}}
ENCODED = ("scripts", "emoji", "cr")

READ_ELSEWHERE = {
    "conllu-lf": CONLLU,
    "conllu-cr": CONLLU.replace(b"\n", b"\r"),
    "conllu-few-bad": CONLLU + b"1\tcaf\xe9\n2\ta\0b\n\n1\talone\n",
    "columns-lf": COLUMNS,
    "columns-crlf": COLUMNS.replace(b"\n", b"\r\n"),
    "columns-joined": COLUMNS.replace(b"m\tB-PER", b"\xef\xbb\xbfm\t B-PER "),
    "columns-few-bad": COLUMNS + "déjà\tO\n\n".encode("latin-1") * 9,
    "lines-few-bad": GOOD + "déjà vu\n".encode("latin-1") * 30,
    "aligned-few-bad": GOOD.replace(b"c.\n", b"c\xe9.\n"),
}
"""The same of other readers."""


@dataclass(frozen=True)
class Ended:
    """The run of all texts."""

    folder: Path
    said: str

    def table(self, name: str) -> pd.DataFrame:
        """All pairs, or sentences, of a dataset in the order of its corpus."""
        splits = ("train", "dev", "test")
        tables = [
            pd.read_parquet(self.folder / f"data/prepared/{name}/{split}.parquet")
            for split in splits
        ]
        table = pd.concat(tables)
        return table.sort_values(table.columns[0], ignore_index=True)  # its number


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    project = Project(tmp_path_factory.mktemp("texts"))
    faults = REFUSED | UNPREPARED | REFUSED_ELSEWHERE
    contents = READ | READ_ELSEWHERE | {name: content for name, (content, _) in faults.items()}
    for name, content in contents.items():
        (project.folder / file_of(name)).write_bytes(content)
    for name, content in GOOD_FILES.items():
        (project.folder / name).write_bytes(content)
    registry = {name: corpus(name) for name in contents}
    datasets = {name: dataset(name) for name in contents}
    in_pairs = [name for name in contents if reader_of(name) == "tsv"]
    (project.folder / "config/texts-corpora.yaml").write_text(yaml.safe_dump(registry))
    config = {
        "name": "texts",
        "registry": "config/texts-corpora.yaml",
        "datasets": datasets,
        "vocabularies": {name: {"dataset": name} for name in in_pairs},
        "experiments": {
            name: {"task": "translation", "vocabulary": name, "model": {"attention": "none"}}
            for name in in_pairs
        },
    }
    (project.folder / "config/texts.yaml").write_text(yaml.safe_dump(config))
    wanted = [f"data/prepared/{name}/train.parquet" for name in contents]
    wanted += [f"data/encoded/{name}" for name in ENCODED]
    result = project.snakemake(*wanted, "--configfile", "config/texts.yaml", "--keep-going")
    return Ended(project.folder, failed(result))


def reader_of(name: str) -> str:
    """The reader that a corpus's name begins with, else `tsv`."""
    return name.split("-")[0] if name in REFUSED_ELSEWHERE | READ_ELSEWHERE else "tsv"


def file_of(name: str) -> str:
    """The file of the text in question."""
    return f"{name}.{reader_of(name)}"


def corpus(name: str) -> dict[str, object]:
    """Its entry in the registry."""
    reader = reader_of(name)
    *others, last = MARKS[reader]
    layout: dict[str, object] = {"columns": {}} if reader == "columns" else {}
    return layout | {
        "title": name,
        "licence": "CC0",
        "attribution": "nobody",
        "reader": reader,
        "languages": ["fra", "eng"] if reader in ("tsv", "aligned") else ["eng"],
        "files": [
            *({"address": f"good.{reader}"} | mark for mark in others),
            {"address": file_of(name)} | last,
        ],
    }


def dataset(name: str) -> dict[str, object]:
    """The dataset of the corpus of this name."""
    match reader_of(name):
        case "lines":
            return {"kind": "sentences", "corpora": [name]}
        case "conllu":
            return {"kind": "labelled", "corpus": name, "tags": "upos"}
        case "columns":
            return {"kind": "labelled", "corpus": name}
    return {
        "kind": "pairs",
        "corpus": name,
        "source": "fra",
        "target": "eng",
        "normalisation": "tutorial" if name in ("letters", "numbers") else "cased",
        "split": {"dev": 0.2, "test": 0.2},
        "filters": FILTERS.get(name, {}),
    }


def check(ended: Ended, name: str, message: str) -> None:
    """Its line, and that nothing is left of the dataset."""
    pattern = re.escape(message).replace("…", ".+")
    check_fault(ended.said, ended.folder / f"logs/prepare/{name}.log", pattern)
    assert files_below(ended.folder / "data/prepared" / name) == {}


@pytest.mark.parametrize("name", REFUSED)
def test_a_text_that_cannot_be_read(ended: Ended, name: str) -> None:
    check(ended, name, f"corpus {name}: {name}.tsv: {REFUSED[name][1]}")


@pytest.mark.parametrize("name", REFUSED_ELSEWHERE)
def test_a_text_of_another_reader(ended: Ended, name: str) -> None:
    message = REFUSED_ELSEWHERE[name][1].replace("FILE", file_of(name))
    check(ended, name, f"corpus {name}: {message}")


@pytest.mark.parametrize("name", UNPREPARED)
def test_a_text_that_leaves_nothing(ended: Ended, name: str) -> None:
    check(ended, name, f"dataset {name}: {UNPREPARED[name][1]}")


@pytest.mark.parametrize("name", READ | READ_ELSEWHERE)
def test_no_other_dataset_is_harmed(ended: Ended, name: str) -> None:
    assert "error: " not in (ended.folder / f"logs/prepare/{name}.log").read_text()
    assert len(ended.table(name)) >= 40


def test_a_few_bad_lines_are_listed_and_the_rest_is_used(ended: Ended) -> None:
    assert len(ended.table("few-bad")) == len(PAIRS)
    listed = pd.read_csv(ended.folder / "data/prepared/few-bad/malformed.tsv", sep="\t")
    assert listed["line"].tolist() == [79, 80, 81, 82]
    assert listed["problem"].tolist() == [
        "is not valid UTF-8",
        "has a NUL byte",
        "longer than 1000000 bytes",
        "has 1 columns, not 2 or 3",
    ]
    assert listed["text"].str.len().max() == 80


def test_a_few_bad_lines_of_a_treebank_cost_their_sentences(ended: Ended) -> None:
    assert len(ended.table("conllu-few-bad")) == len(ended.table("conllu-lf"))
    listed = pd.read_csv(ended.folder / "data/prepared/conllu-few-bad/malformed.tsv", sep="\t")
    assert listed["line"].tolist() == [79, 80, 82]
    assert listed["problem"].tolist() == [
        "is not valid UTF-8",
        "has a NUL byte",
        "has 2 columns, not 10",
    ]


LOST = {
    "few-bad": (
        "4 malformed lines are left out; the first is line 79, which is not valid UTF-8",
        "4 of 82 pairs",
    ),
    "aligned-few-bad": (
        "26 malformed lines are left out; the first is line 3, which is not valid UTF-8",
        "26 of 78 pairs",
    ),
    "lines-few-bad": (
        "30 malformed lines are left out; the first is line 79, which is not valid UTF-8",
        "30 of 108 sentences",
    ),
    "conllu-few-bad": (
        "3 malformed lines are left out; the first is line 79, which is not valid UTF-8",
        "2 of 80 sentences",
    ),
    "columns-few-bad": (
        "9 malformed lines are left out; the first is line 79, which is not valid UTF-8",
        "9 of 87 sentences",
    ),
}
"""What the terminal says of lines that are left out, by corpus."""


@pytest.mark.parametrize("name", LOST)
def test_every_loss_shows_on_the_terminal_and_is_counted(ended: Ended, name: str) -> None:
    lines, sentences = LOST[name]
    folder = f"data/prepared/{name}"
    warnings = [
        f"warning: {file_of(name)}: {lines}",
        f"warning: malformed lines cost {sentences}; {folder}/malformed.tsv lists them",
    ]
    assert set(warnings) <= set(ended.said.splitlines())
    logged = (ended.folder / f"logs/prepare/{name}.log").read_text().splitlines()
    assert [line for line in logged if line.startswith("warning: ")] == warnings
    report = pd.read_csv(ended.folder / folder / "filter_report.tsv", sep="\t")
    assert report["step"][0] == "read"
    assert report["dropped"][0] == int(sentences.split()[0])


@pytest.mark.parametrize("name", ["lf", "conllu-lf", "columns-lf", "columns-joined"])
def test_no_loss_no_warning(ended: Ended, name: str) -> None:
    assert "warning: " not in (ended.folder / f"logs/prepare/{name}.log").read_text()


def test_every_script_comes_through_whole(ended: Ended) -> None:
    """In order of the text, composed; the raw text stays beside it."""
    lines = READ["scripts"].decode().split("\n")
    table = ended.table("scripts")
    raw = (table["source_raw"] + "\t" + table["target_raw"]).tolist()
    assert raw == lines
    assert (table["source"] + "\t" + table["target"]).tolist() == [
        unicodedata.normalize("NFC", line) for line in lines
    ]


def test_marks_of_direction_are_no_part_of_a_word(ended: Ended) -> None:
    columns = ["source", "target"]
    assert ended.table("marked")[columns].equals(ended.table("scripts")[columns])


def test_emoji_stay_whole(ended: Ended) -> None:
    table = ended.table("emoji").head(len(EMOJI))
    assert (table["source"] + "\t" + table["target"]).tolist() == EMOJI


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("crlf", "lf"),
        ("cr", "lf"),
        ("conllu-cr", "conllu-lf"),
        ("columns-crlf", "columns-lf"),
        ("columns-joined", "columns-lf"),
    ],
)
def test_every_line_end_gives_the_same_dataset(ended: Ended, name: str, same: str) -> None:
    prepared = ended.folder / "data/prepared"
    found, expected = files_below(prepared / name), files_below(prepared / same)
    found.pop("leakage.json", None)  # made where token ids are asked for
    # Names the settings of the dataset, the corpus among them.
    assert found.pop("origin.json") != expected.pop("origin.json")
    assert found == expected


@pytest.mark.parametrize("name", ENCODED)
def test_what_was_encoded_reads_as_the_text(ended: Ended, name: str) -> None:
    train = pd.read_parquet(ended.folder / f"data/prepared/{name}/train.parquet")
    pairs = EncodedPairs.open(ended.folder / f"data/encoded/{name}", "train")
    folder = ended.folder / f"data/vocabularies/{name}"
    for side, encoded in (("source", pairs.src), ("target", pairs.tgt)):
        vocabulary = load_vocabulary(folder / f"{side}.vocab")
        sentences = np.split(encoded.ids, encoded.offsets[1:-1])
        assert [vocabulary.decode(ids) for ids in sentences] == train[side].tolist()
