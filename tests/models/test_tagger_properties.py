"""Who else is in a batch, in which order and how far padded, changes no sentence's emissions."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from nlpflow.models.bilstm_crf import Tagger
from nlpflow.models.characters import CharacterEncoder, Spellings, cheapest_cut, spell
from nlpflow.models.recurrent import sequence_mask

LETTERS = "abcde"
ALPHABET = {letter: index for index, letter in enumerate(LETTERS[:-1], 4)}
WORDS = st.text(alphabet=LETTERS, min_size=1, max_size=6)
BATCH = st.lists(st.lists(WORDS, min_size=1, max_size=6), min_size=1, max_size=5)
VOCABULARY, TAGS = 9, 3
Batch = list[list[str]]


@st.composite
def taggers(draw: st.DrawFn) -> Tagger:
    size = st.integers(1, 4)
    torch.manual_seed(draw(st.integers(0, 1000)))
    characters = None
    if draw(st.booleans()):
        characters = CharacterEncoder(8, draw(size), draw(size), draw(st.booleans()))
    layers, directions = draw(st.integers(1, 2)), draw(st.booleans())
    dropout = draw(st.sampled_from([0.0, 0.5]))
    tagger = Tagger(
        VOCABULARY, TAGS, draw(size), draw(size), layers, directions, dropout, characters
    )
    with torch.no_grad():
        for weight in tagger.parameters():
            weight.mul_(3)  # so that sentences differ in what they say
    return tagger.double().eval()


def tensors(sentences: Batch, extra: int, filler: int) -> tuple[Tensor, Tensor, Spellings]:
    """Word ids, lengths and spellings, with `extra` steps of padding that hold `filler`."""
    time = max(map(len, sentences)) + extra
    words = torch.full((len(sentences), time), filler)
    for row, sentence in enumerate(sentences):
        words[row, : len(sentence)] = torch.tensor([4 + len(word) % 5 for word in sentence])
    spellings = spell(sentences, ALPHABET)
    ids = torch.nn.functional.pad(spellings.characters, (0, extra))
    indices = torch.nn.functional.pad(spellings.indices, (0, extra))
    padded = spellings._replace(characters=ids, indices=indices)
    return words, torch.tensor([*map(len, sentences)]), padded


def emit(tagger: Tagger, sentences: Batch, extra: int = 0, filler: int = 0) -> list[Tensor]:
    words, lengths, spellings = tensors(sentences, extra, filler)
    emissions = tagger(words, lengths, spellings if tagger.characters is not None else None)
    return [emissions[row, : len(sentence)] for row, sentence in enumerate(sentences)]


def assert_equal(one: Tensor, other: Tensor) -> None:
    torch.testing.assert_close(one, other, rtol=0, atol=1e-9)


@settings(max_examples=60)
@given(
    taggers(),
    BATCH,
    st.integers(0, 3),
    st.integers(0, VOCABULARY - 1),
    st.randoms(use_true_random=False),
)
@torch.no_grad()
def test_emissions(tagger: Tagger, sentences: Batch, extra: int, filler: int, random) -> None:
    alone = [emit(tagger, [sentence])[0] for sentence in sentences]
    order = random.sample(range(len(sentences)), len(sentences))
    together = emit(tagger, [sentences[i] for i in order], extra, filler)
    for place, i in enumerate(order):
        assert_equal(alone[i], together[place])


@settings(max_examples=30)
@given(taggers(), BATCH, st.integers(1, 3))
def test_gradients_do_not_see_padding(tagger: Tagger, sentences: Batch, extra: int) -> None:
    """The summed loss of a batch has the gradient of its sentences' losses."""

    def gradients(groups: list[Batch], more: int) -> list[Tensor]:
        tagger.zero_grad(set_to_none=False)
        for group in groups:
            words, lengths, spellings = tensors(group, more, 0)
            emissions = tagger(words, lengths, spellings if tagger.characters else None)
            inside = sequence_mask(lengths, words.shape[1])
            emissions[inside].logsumexp(dim=-1).sum().backward()
        return [weight.grad.clone() for weight in tagger.parameters() if weight.grad is not None]

    alone = gradients([[sentence] for sentence in sentences], 0)
    for one, other in zip(alone, gradients([sentences], extra), strict=True):
        assert_equal(one, other)


@given(st.lists(st.integers(1, 32), min_size=1, max_size=12))
def test_the_cut_reads_the_fewest_letters(lengths: list[int]) -> None:
    lengths = sorted(lengths)

    def read(cut: int) -> int:
        return sum(len(part) * max(part) for part in (lengths[:cut], lengths[cut:]) if part)

    found = cheapest_cut(torch.tensor(lengths))
    assert read(found) == min(read(cut) for cut in range(len(lengths)))


@settings(max_examples=30)
@given(st.lists(st.text(LETTERS, min_size=1, max_size=30), min_size=1, max_size=8), st.booleans())
def test_reading_short_and_long_words_apart_changes_nothing(words: list[str], both: bool) -> None:
    """Against one LSTM over all words, padded to the longest: states and gradients."""
    torch.manual_seed(0)
    characters = CharacterEncoder(8, 3, 4, both).double()
    spellings = spell([words], ALPHABET)
    _, last = characters.lstm(characters.embedding(spellings.characters), spellings.lengths)
    found = [characters(spellings), last[spellings.indices]]
    assert_equal(*found)
    weights = list(characters.parameters())
    for one, other in zip(
        *(torch.autograd.grad(states.sin().sum(), weights) for states in found), strict=True
    ):
        assert_equal(one, other)
