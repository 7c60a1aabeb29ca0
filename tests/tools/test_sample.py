"""The embedded sample corpus: made by its grammar, large and varied enough, and correct."""

import re
import subprocess
import sys
import unicodedata
import zipfile
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "sample"
PREFIXES = (
    *("i am ", "i m ", "he is", "he s ", "she is", "she s"),
    *("you are", "you re ", "we are", "we re ", "they are", "they re "),
)
PLOTTED = (
    "elle a cinq ans de moins que moi .",
    "elle est trop petit .",
    "je ne crains pas de mourir .",
    "c est un jeune directeur plein de talent .",
)


class Row(NamedTuple):
    """A row of the annotations, with the tokens that its links count."""

    eng: str
    fra: str
    english: list[str]
    french: list[str]
    links: list[tuple[int, int]]
    group: str


def normalise(sentence: str) -> str:
    """The tutorial's definition, one sentence at a time."""
    decomposed = unicodedata.normalize("NFD", sentence.lower().strip())
    plain = "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
    return re.sub(r"[^a-zA-Z.!?]+", " ", re.sub(r"([.!?])", r" \1", plain))


@cache
def annotations() -> tuple[Row, ...]:
    header, *lines = (SAMPLE / "annotations.tsv").read_text("utf-8").splitlines()
    assert header == "eng\tfra\talignment\tgroup"
    rows = []
    for eng, fra, alignment, group in (line.split("\t") for line in lines):
        links = [tuple(map(int, link.split("-"))) for link in alignment.split(" ")]
        tokens = normalise(eng).split(" "), normalise(fra).split(" ")
        rows.append(Row(eng, fra, *tokens, [(i, j) for i, j in links], group))
    return tuple(rows)


@cache
def columns() -> tuple[tuple[str, str, str], ...]:
    with zipfile.ZipFile(SAMPLE / "fra-eng.zip") as archive:
        lines = archive.read("fra.txt").decode().splitlines()
    return tuple((eng, fra, credit) for eng, fra, credit in (line.split("\t") for line in lines))


def components(keys_of_rows: Iterable[Sequence[Hashable]]) -> Counter[Hashable]:
    """How many rows each component has; rows with an equal key are joined."""
    parent: dict[Hashable, Hashable] = {}

    def root(key: Hashable) -> Hashable:
        parent.setdefault(key, key)
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    rows = list(keys_of_rows)
    for first, *others in rows:
        for key in others:
            parent[root(key)] = root(first)
    return Counter(root(keys[0]) for keys in rows)


@pytest.mark.slow
def test_committed_files_are_what_the_grammar_makes(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-B",
        str(ROOT / "tools/sample/generate.py"),
        "--output",
        str(tmp_path),
    ]
    subprocess.run(command, check=True, cwd=tmp_path)

    with (
        zipfile.ZipFile(SAMPLE / "fra-eng.zip") as kept,
        zipfile.ZipFile(tmp_path / "fra-eng.zip") as made,
    ):
        # Not the archive's own bytes: two builds of zlib may compress differently.
        for kept_member, made_member in zip(kept.infolist(), made.infolist(), strict=True):
            for part in ("filename", "date_time", "compress_type", "external_attr", "CRC"):
                assert getattr(kept_member, part) == getattr(made_member, part)
            assert kept.read(kept_member) == made.read(made_member)
        assert kept.namelist() == ["fra.txt", "_about.txt"]
    made_names = {path.name for path in tmp_path.iterdir()}
    committed = {path.name for path in SAMPLE.iterdir() if path.is_file()}
    assert made_names == committed - {"README.md", "generate.py"}
    for name in made_names - {"fra-eng.zip"}:
        assert (SAMPLE / name).read_bytes() == (tmp_path / name).read_bytes(), name


def test_annotations_follow_the_sentences() -> None:
    assert [(row.eng, row.fra) for row in annotations()] == [(e, f) for e, f, _ in columns()]


def test_lines_look_like_upstream() -> None:
    lengths = [len(eng) for eng, _, _ in columns()]
    assert lengths == sorted(lengths)
    for eng, fra, credit in columns():
        assert re.fullmatch(r"[A-Z][A-Za-zé',]*( [A-Za-zé',]+)*[.?!]", eng)
        assert re.fullmatch(r"[A-ZÀ-Ý][\w',-]*( [\w',-]+)*(\.|[ \u202f][?!])", fra)
        assert credit.startswith("CC0 1.0 Attribution: nlpflow sample grammar (pattern: ")
    marked = [fra[-2] for _, fra, _ in columns() if fra[-1] in "?!"]
    assert 0.7 < marked.count("\u202f") / len(marked) < 0.9


def test_there_are_enough_pairs_and_no_duplicates() -> None:
    assert 9_000 <= len(columns()) <= 12_000
    assert len({(eng, fra) for eng, fra, _ in columns()}) == len(columns())
    words = [len(row.eng.split()) for row in annotations()]
    assert 6 <= sum(words) / len(words) <= 8
    assert sum(3 <= count <= 14 for count in words) > 0.99 * len(words)
    assert 700 <= len({token for row in annotations() for token in row.french}) <= 1_100


def test_enough_pairs_pass_the_tutorials_filter() -> None:
    kept = [
        row
        for row in annotations()
        if len(row.english) < 10
        and len(row.french) < 10
        and " ".join(row.english).startswith(PREFIXES)
    ]
    assert len(kept) >= 4_000


@pytest.mark.parametrize("word", sorted({word for line in PLOTTED for word in line.split()}))
def test_plotted_words_occur_in_many_pairs_and_groups(word: str) -> None:
    with_word = [row.group for row in annotations() if word in row.french]
    assert len(with_word) >= 25
    assert len(set(with_word)) >= 15


def test_links_are_in_range_and_cover_the_sentences() -> None:
    linked = total = 0
    for row in annotations():
        english, french = zip(*row.links, strict=True)
        assert max(english) < len(row.english)
        assert max(french) < len(row.french)
        assert row.links == sorted(set(row.links))
        assert (len(row.english) - 1, len(row.french) - 1) in row.links  # the final mark
        linked += len(set(english)) + len(set(french))
        total += len(row.english) + len(row.french)
    assert linked / total > 0.995


def test_links_are_of_words_and_not_all_with_all() -> None:
    links = sum(len(row.links) for row in annotations())
    longer_side = sum(max(len(row.english), len(row.french)) for row in annotations())
    assert links < 1.4 * longer_side


ALIGNED = {
    ("I'm cold.", "J'ai froid."): "i-j m-ai cold-froid .-.",
    ("Her cat isn't white.", "Son chat n'est pas blanc."): (
        "her-son cat-chat isn-est t-n t-pas white-blanc .-."
    ),
    ("This tie is mine.", "Cette cravate est à moi."): (
        "this-cette tie-cravate is-est mine-a mine-moi .-."
    ),
    ("I'm afraid to die.", "Je crains de mourir."): (
        "i-je m-crains afraid-crains to-de die-mourir .-."
    ),
    ("He dances every day.", "Il danse tous les jours."): (
        "he-il dances-danse every-tous every-les day-jours .-."
    ),
}


@pytest.mark.parametrize(("pair", "words"), ALIGNED.items())
def test_links_join_words_that_mean_the_same(pair: tuple[str, str], words: str) -> None:
    row = next(row for row in annotations() if (row.eng, row.fra) == pair)
    assert " ".join(f"{row.english[i]}-{row.french[j]}" for i, j in row.links) == words


def test_groups_are_many_and_small() -> None:
    sizes = Counter(row.group for row in annotations())
    assert len(sizes) >= 2_000
    assert 3 <= len(annotations()) / len(sizes) <= 8
    assert max(sizes.values()) <= 60


def test_components_are_small_enough_to_be_split() -> None:
    sentences = [
        [("eng", *row.english), ("fra", *row.french)] for row in annotations()
    ]  # of equal normalised sentences
    assert max(components(sentences).values()) <= 60
    joined = components(
        [*keys, ("group", row.group)] for keys, row in zip(sentences, annotations(), strict=True)
    )
    assert max(joined.values()) <= min(150, 0.03 * len(annotations()))


def test_some_sentences_have_several_translations() -> None:
    by_side: dict[str, set[str]] = defaultdict(set)
    for eng, fra, _ in columns():
        by_side[eng].add(fra)
        by_side[fra].add(eng)
    assert sum(len(others) > 1 for others in by_side.values()) > 500


FORBIDDEN = {
    "elision": r"\b(je|me|te|se|le|la|ne|de|que|ce) [aeiouyàâéèêîôœ]",
    "elision before a mute h": r"\b(le|la|de|ne|se|ce) (homme|h[oô]tel|hôpital|heure|hiver|habit)",
    "contraction": r"\b(de|à) les?\b",
    "si il": r"\bsi ils?\b",
    "ma before a vowel": r"\b(ma|ta|sa) [aeiouéèêœ]",
    "ce before a vowel": r"\bce [aeiouéèêœ]",
    "beau before a vowel": r"\b(un|le|ce|mon|son) (beau|nouveau|vieux) [aeiouéèêœh]",
    "article of a negated noun": r"\bn'ai pas (un|une|des|du)\b",
    "article of a profession": r"\b(suis|es|est) un (?:médecin|professeur|avocat)\.",
    "lost space": r"\w[?!]|  ",
    "doubled word": r"\b(à|de|la|le|les|un|une|ne|pas|que|est|ce) \1\b",
}


@pytest.mark.parametrize("rule", FORBIDDEN)
def test_no_french_sentence_breaks_a_rule(rule: str) -> None:
    pattern = re.compile(FORBIDDEN[rule], re.IGNORECASE)
    assert [fra for _, fra, _ in columns() if pattern.search(fra)] == []


def test_no_english_sentence_breaks_a_rule() -> None:
    an = re.compile(
        r"\ba [aeio]|\ban (?![aeiou]|hour|honest)| '|  |\b(the|a|is|to|of) \1\b", re.IGNORECASE
    )
    assert [eng for eng, _, _ in columns() if an.search(eng)] == []


# Phenomenon -> pairs that must be there; a plain space stands for the narrow one.
EXPECTED = """
age | She's five years older than them. | Elle a cinq ans de plus qu'eux.
age | He'll be ten years old next year. | Il aura dix ans l'année prochaine.
agreement | She's too short. | Elle est trop petite.
agreement | He is too short. | Il est trop petit.
agreement | They are far too kind. | Ils sont beaucoup trop gentils.
agreement | They're short. | Elles sont petites.
agreement | You are eating small apples. | Tu es en train de manger de petites pommes.
adjectives | My boss is an old lawyer. | Mon patron est un vieil avocat.
adjectives | She's a French cook. | C'est une cuisinière française.
adjectives | Mary is looking for a beautiful hotel. | Marie est en train de chercher un bel hôtel.
elision | I'm cold. | J'ai froid.
elision | I love her. | Je l'aime.
elision | Is this hotel beautiful? | Est-ce que cet hôtel est beau ?
elision | Her school is so comfortable. | Son école est si confortable.
elision | He'll stay at home if it rains. | Il restera à la maison s'il pleut.
elision | He's sad because he lost his dog. | Il est triste parce qu'il a perdu son chien.
contraction | He never played the piano. | Il n'a jamais joué du piano.
contraction | Your brother doesn't play chess. | Votre frère ne joue pas aux échecs.
contraction | Are you in the United States? | Est-ce que vous êtes aux États-Unis ?
contraction | I'm not used to the cold. | Je ne suis pas habitué au froid.
negation | They aren't lucky. | Ils n'ont pas de chance.
negation | I never swim. | Je ne nage jamais.
negation | Mary no longer eats soup. | Marie ne mange plus de soupe.
negation | There aren't any keys in my room. | Il n'y a pas de clés dans ma chambre.
negation | Don't open the door. | N'ouvre pas la porte.
question | Where did she run? | Où a-t-elle couru ?
question | Is he hot? | Est-ce qu'il a chaud ?
question | Are you in the kitchen? | Tu es dans la cuisine ?
question | What did you prepare? | Qu'est-ce que vous avez préparé ?
profession | She is a doctor. | Elle est médecin.
profession | They aren't doctors. | Elles ne sont pas médecins.
tense | When did they go to bed? | Quand se sont-elles couchées ?
tense | I am getting up. | Je suis en train de me lever.
tense | He's going to give him the key. | Il va lui donner la clé.
tense | He's lived in France for two years. | Il habite en France depuis deux ans.
tense | I was full of courage. | J'étais plein de courage.
possession | This letter is Tom's. | Cette lettre est à Tom.
possession | My suitcase is smaller than yours. | Ma valise est plus petite que la tienne.
comparison | This shirt is older than that one. | Cette chemise est plus vieille que celle-là.
comparison | He's as tall as them. | Il est aussi grand qu'elles.
relative | The apple that I'm eating is small. | La pomme que je mange est petite.
place | Are they at my uncle's house? | Sont-ils chez mon oncle ?
pronoun | You lent her money. | Tu lui as prêté de l'argent.
infinitive | I'm too honest to lie. | Je suis trop honnête pour mentir.
"""


@pytest.mark.parametrize("line", EXPECTED.strip().splitlines())
def test_pairs_show_the_grammar(line: str) -> None:
    _, eng, fra = line.split(" | ")
    assert (eng, fra) in {(e, f.replace("\u202f", " ")) for e, f, _ in columns()}
