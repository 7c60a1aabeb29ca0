"""Write the files of the embedded sample, all made by its grammars."""

import argparse
import zipfile
from pathlib import Path

from grammar.commands import assistant, dialogues, questions, shell
from grammar.corpus import Pair, pairs
from grammar.languages.corpus import by_language
from grammar.similarity import scored_pairs
from grammar.tagged import english, entities
from grammar.tagged.files import conllu, iob2

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
_ATTRIBUTION = "CC0 1.0 Attribution: nlpflow sample grammar (pattern: {})"
_DATE = (2026, 1, 1, 0, 0, 0)
_ABOUT = """\
** Info **

A small English-French corpus in the format of the Tatoeba files on
  http://www.manythings.org/anki/
Date of this file:
  2026-01-01

No sentence was taken from anywhere. A bilingual grammar that belongs
to nlpflow (tools/sample/grammar) made all of them.



** Terms of Use **

CC0 1.0: no rights reserved. Use it for anything, with or without
naming us.

http://creativecommons.org/publicdomain/zero/1.0/

Attribution: nlpflow sample grammar



** Warnings **

A grammar knows words and agreement but not the world. Sentences are
correct; a few may say what nobody would say.



** Format **

Each line of fra.txt: English, tab, French, tab, attribution.
Shorter English sentences come first.
"""


def main() -> None:
    """Parse the command line and write the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=SAMPLE, metavar="DIR",
                        help="where to write the files (default: data/sample)")
    folder = parser.parse_args().output
    folder.mkdir(parents=True, exist_ok=True)
    corpus = pairs()
    write_pairs(folder, corpus)
    write_sentences(folder, corpus)
    write_tagged(folder)
    write_commands(folder)


def write_pairs(folder: Path, corpus: list[Pair]) -> None:
    """Write `fra-eng.zip` and `annotations.tsv`; the same bytes each time."""
    lines = [f"{p.eng}\t{p.fra}\t{_ATTRIBUTION.format(p.pattern)}\n" for p in corpus]
    with zipfile.ZipFile(folder / "fra-eng.zip", "w") as archive:
        for name, text in (("fra.txt", "".join(lines)), ("_about.txt", _ABOUT)):
            member = zipfile.ZipInfo(name, _DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3  # Unix, wherever this runs
            member.external_attr = 0o644 << 16
            archive.writestr(member, text.encode())
    table = ["eng\tfra\talignment\tgroup\n", *map(_annotation, corpus)]
    (folder / "annotations.tsv").write_bytes("".join(table).encode())


def write_sentences(folder: Path, corpus: list[Pair]) -> None:
    """Write `sentences.<language>.txt`, one sentence per line, and `similarity.eng.tsv`."""
    for language, sentences in by_language((pair.eng, pair.fra) for pair in corpus).items():
        text = "".join(f"{sentence}\n" for sentence in sentences)
        (folder / f"sentences.{language}.txt").write_bytes(text.encode())
        if language == "eng":
            write_similarity(folder, sentences)


def write_similarity(folder: Path, sentences: list[str]) -> None:
    """Write `similarity.eng.tsv`: two words of the sentences and their score, one pair per line."""
    lines = ("\t".join(map(str, pair)) + "\n" for pair in scored_pairs(sentences))
    (folder / "similarity.eng.tsv").write_bytes("".join(lines).encode())


def write_tagged(folder: Path) -> None:
    """Write `tagged.<split>.conllu` and `entities.<split>.iob2`."""
    for split, sentences in english.splits().items():
        (folder / f"tagged.{split}.conllu").write_bytes(conllu(split, sentences).encode())
    for split, sentences in entities.splits().items():
        (folder / f"entities.{split}.iob2").write_bytes(iob2(sentences).encode())


def write_commands(folder: Path) -> None:
    """Write requests, questions and dialogues: JSON files, and `shell.*.txt` line by line."""
    (folder / "assistant.json").write_bytes(assistant.rasa().encode())
    (folder / "questions.json").write_bytes(questions.questions().encode())
    (folder / "dialogues.json").write_bytes(dialogues.schema_guided().encode())
    for name, text in zip(("requests", "commands"), shell.aligned()):
        (folder / f"shell.{name}.txt").write_bytes(text.encode())


def _annotation(pair: Pair) -> str:
    links = " ".join(f"{i}-{j}" for i, j in pair.links)
    return f"{pair.eng}\t{pair.fra}\t{links}\t{pair.group}\n"


if __name__ == "__main__":
    main()
