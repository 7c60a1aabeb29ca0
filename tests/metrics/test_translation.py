"""BLEU, chrF2 and exact match against sacreBLEU called directly, and against counting."""

import pytest
import sacrebleu

from nlpflow.metrics.translation import METRICS, Scores, score, signatures
from nlpflow.text.languages import analyser

HYPOTHESES = [
    "she is five years younger than me .",
    "the cat sat on the mat .",
    "i am not afraid of dying .",
    "he go home",
]
REFERENCES = [
    ["she is five years younger than i am .", "she is five years my junior ."],
    ["the cat sat on the mat ."],
    ["i do not fear death .", "i am not scared of dying .", "i am not afraid to die ."],
    ["he goes home ."],
]


def even(references: list[list[str]]) -> list[list[str]]:
    """Streams without gaps: a repeated reference changes neither BLEU nor chrF."""
    most = max(map(len, references))
    rows = [[*refs, *[refs[0]] * (most - len(refs))] for refs in references]
    return [list(stream) for stream in zip(*rows, strict=True)]


def test_one_reference_each() -> None:
    firsts = [refs[0] for refs in REFERENCES]
    found = score(HYPOTHESES, [[first] for first in firsts])
    assert found.bleu == sacrebleu.corpus_bleu(HYPOTHESES, [firsts]).score
    assert found.chrf2 == sacrebleu.corpus_chrf(HYPOTHESES, [firsts]).score
    assert found.exact == 25


def test_several_references_of_differing_number() -> None:
    found = score(HYPOTHESES, REFERENCES)
    streams = even(REFERENCES)
    assert found.bleu == pytest.approx(sacrebleu.corpus_bleu(HYPOTHESES, streams).score)
    assert found.chrf2 == pytest.approx(sacrebleu.corpus_chrf(HYPOTHESES, streams).score)
    firsts = score(HYPOTHESES, [refs[:1] for refs in REFERENCES])
    assert found.bleu > firsts.bleu
    assert found.chrf2 > firsts.chrf2


def test_the_order_of_references_does_not_matter() -> None:
    turned = score(HYPOTHESES, [refs[::-1] for refs in REFERENCES])
    assert turned == pytest.approx(score(HYPOTHESES, REFERENCES))


def test_every_reference_can_be_hit() -> None:
    hypotheses = [refs[-1] for refs in REFERENCES]
    assert score(hypotheses, REFERENCES) == pytest.approx(Scores(100, 100, 100))


def test_exact_is_a_share_of_the_hypotheses() -> None:
    references = [["a b"], ["a b", "c"], ["c", "d"], ["a  b"], ["A b"], ["a b ."]]
    assert score(["a b"] * 6, references).exact == pytest.approx(100 * 2 / 6)


def test_exact_compares_whole_sentences() -> None:
    assert score(["cat"], [["the cat sat"]]).exact == 0


def test_effective_order_is_for_short_sentences() -> None:
    short = ["go on ."], [["go on ."]]
    assert score(*short).bleu == 0
    assert score(*short, effective_order=True).bleu == pytest.approx(100)
    plain, effective = (score(HYPOTHESES, REFERENCES, order) for order in (False, True))
    assert plain == effective


def test_an_empty_hypothesis_counts() -> None:
    found = score(["", *HYPOTHESES[1:]], REFERENCES)
    assert found.bleu < score(HYPOTHESES, REFERENCES).bleu
    assert score([""], [["a b c d"]]) == Scores(0, 0, 0)


def test_as_many_hypotheses_as_sources() -> None:
    with pytest.raises(ValueError, match="zip"):
        score(HYPOTHESES[:3], REFERENCES)


def test_signatures() -> None:
    assert Scores._fields == METRICS
    several = signatures(REFERENCES)
    one = signatures([refs[:1] for refs in REFERENCES])
    version = f"version:{sacrebleu.__version__}"
    assert set(several) == {"bleu", "chrf2"}
    assert all(version in text for text in [*several.values(), *one.values()])
    assert all("nrefs:var" in text for text in several.values())
    assert all("nrefs:1" in text for text in one.values())
    assert "tok:13a" in several["bleu"]
    assert "nw:0" in several["chrf2"]  # chrF, not chrF++


CHINESE = ["她比我小五岁。", "猫坐在垫子上。", "我不怕死。", "他明天回家。"]


def test_perfect_chinese_is_perfect() -> None:
    references = [[sentence] for sentence in CHINESE]
    assert score(CHINESE, references).bleu == 0
    for tokenizer in ("zh", "char"):
        assert score(CHINESE, references, tokenizer=tokenizer).bleu == pytest.approx(100)
        assert f"tok:{tokenizer}" in signatures(references, tokenizer)["bleu"]
    half = ["她比我大五岁。", "猫在垫子上。", "我不怕。", "他明天回家。"]
    expected = sacrebleu.corpus_bleu(half, [CHINESE], tokenize="zh").score
    assert score(half, references, tokenizer="zh").bleu == expected
    assert 0 < expected < 100


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("jpn", "彼女は本を読んでいます。"), ("kor", "그녀는 책을 읽고 있다.")],
)
def test_words_of_a_dictionary(language: str, sentence: str) -> None:
    if not (name := analyser(language)):
        pytest.skip("the extra is not installed")
    assert score([sentence], [[sentence]], tokenizer=name).bleu == pytest.approx(100)
    assert f"tok:{name}" in signatures([[sentence]], name)["bleu"]
