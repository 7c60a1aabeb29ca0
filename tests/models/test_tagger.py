"""The tagger against its formulas, one sentence and one word at a time."""

import pytest
import torch
from torch import Tensor, nn

from nlpflow.models.bilstm_crf import Tagger
from nlpflow.models.characters import LONGEST_WORD, AffixEncoder, CharacterEncoder, spell
from nlpflow.models.recurrent import MaskedLSTM, sequence_mask
from nlpflow.vocabulary import UNK

HIDDEN, FEATURES = 4, 3
ALPHABET = {letter: index for index, letter in enumerate("adehlopt", 4)}
SENTENCES = [["the", "dog", "ate", "the", "apple"], ["ate"], ["dog", "ate", "that"]]
VOCABULARY = {"the": 4, "dog": 5, "ate": 6, "apple": 7}
SHAPES = [(1, False), (2, False), (1, True), (2, True)]


def lstm_states(lstm: nn.LSTM, inputs: list[Tensor]) -> list[Tensor]:
    """The outputs of one layer (Hochreiter & Schmidhuber 1997, with the forget gate of 2000)."""
    weights = [getattr(lstm, f"{name}_l0") for name in ("weight_ih", "weight_hh")]
    biases = lstm.bias_ih_l0 + lstm.bias_hh_l0
    h, c, states = torch.zeros(HIDDEN).double(), torch.zeros(HIDDEN).double(), []
    for x in inputs:
        i, f, g, o = (weights[0] @ x + weights[1] @ h + biases).chunk(4)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        states.append(h)
    return states


def naive(lstm: MaskedLSTM, inputs: list[Tensor]) -> tuple[list[Tensor], Tensor]:
    """Outputs of each step and the final state of one sequence."""
    last = torch.zeros(0)
    for layer, forwards in enumerate(lstm.forwards):
        ahead = lstm_states(forwards, inputs)
        last, outputs = ahead[-1], ahead
        if lstm.backwards:
            back = lstm_states(lstm.backwards[layer], inputs[::-1])
            last = torch.cat([last, back[-1]])
            outputs = [torch.cat(pair) for pair in zip(ahead, back[::-1], strict=True)]
        inputs = outputs
    return inputs, last


def assert_close(one: Tensor, other: Tensor) -> None:
    torch.testing.assert_close(one, other, rtol=0, atol=1e-12)


def build(layers: int = 1, bidirectional: bool = True, dropout: float = 0.0) -> Tagger:
    torch.manual_seed(layers)
    characters = CharacterEncoder(12, 2, HIDDEN, bidirectional)
    tagger = Tagger(8, 5, FEATURES, HIDDEN, layers, bidirectional, dropout, characters)
    return tagger.double().eval()


def batch() -> tuple[Tensor, Tensor]:
    rows = [torch.tensor([VOCABULARY.get(w, UNK) for w in words]) for words in SENTENCES]
    lengths = torch.tensor([len(row) for row in rows])
    return nn.utils.rnn.pad_sequence(rows, batch_first=True), lengths


@pytest.mark.parametrize(("layers", "bidirectional"), SHAPES)
def test_lstm_equals_the_formula_of_each_sentence(layers: int, bidirectional: bool) -> None:
    torch.manual_seed(layers)
    lstm = MaskedLSTM(FEATURES, HIDDEN, layers, bidirectional).double()
    inputs, lengths = torch.randn(4, 6, FEATURES).double(), torch.tensor([3, 6, 1, 4])
    outputs, last = lstm(inputs, lengths)
    for row, length in enumerate(lengths.tolist()):
        expected, state = naive(lstm, list(inputs[row, :length]))
        assert_close(outputs[row, :length], torch.stack(expected))
        assert (outputs[row, length:] == 0).all()
        assert_close(last[row], state)


def test_lstm_equals_packed_sequences() -> None:
    torch.manual_seed(1)
    ours = MaskedLSTM(FEATURES, HIDDEN, 2, bidirectional=True).double()
    torchs = nn.LSTM(FEATURES, HIDDEN, 2, bidirectional=True, batch_first=True).double()
    for layer in range(2):
        for part, suffix in ((ours.forwards[layer], ""), (ours.backwards[layer], "_reverse")):
            for name, weight in part.named_parameters():
                getattr(torchs, name.replace("l0", f"l{layer}{suffix}")).data = weight.data
    inputs, lengths = torch.randn(5, 7, FEATURES).double(), torch.tensor([7, 2, 5, 1, 5])
    packed = nn.utils.rnn.pack_padded_sequence(inputs, lengths, True, enforce_sorted=False)
    outputs, (last, _) = torchs(packed)
    expected, _ = nn.utils.rnn.pad_packed_sequence(outputs, batch_first=True)
    found, state = ours(inputs, lengths)
    assert_close(found, expected)
    assert_close(state, torch.cat([last[2], last[3]], dim=-1))


@pytest.mark.parametrize("bidirectional", [False, True])
def test_character_features_equal_word_by_word(bidirectional: bool) -> None:
    characters = build(1, bidirectional).characters
    found = characters(spell(SENTENCES, ALPHABET))
    for row, words in enumerate(SENTENCES):
        for place, word in enumerate(words):
            letters = torch.tensor([ALPHABET.get(letter, UNK) for letter in word])
            _, state = naive(characters.lstm, list(characters.embedding(letters)))
            assert_close(found[row, place], state)


@pytest.mark.parametrize(("layers", "bidirectional"), SHAPES)
def test_emissions_equal_the_formula_of_each_sentence(layers: int, bidirectional: bool) -> None:
    tagger = build(layers, bidirectional)
    words, lengths = batch()
    emissions = tagger(words, lengths, spell(SENTENCES, ALPHABET))
    assert emissions.shape == (*words.shape, 5)
    for row, sentence in enumerate(SENTENCES):
        states = [
            naive(tagger.characters.lstm, [tagger.characters.embedding.weight[i] for i in ids])[1]
            for ids in ([ALPHABET.get(letter, UNK) for letter in word] for word in sentence)
        ]
        embedded = tagger.embedding(words[row, : len(sentence)])
        inputs = [torch.cat(pair) for pair in zip(embedded, states, strict=True)]
        outputs, _ = naive(tagger.lstm, inputs)
        expected = torch.stack(outputs) @ tagger.emissions.weight.T + tagger.emissions.bias
        assert_close(emissions[row, : len(sentence)], expected)


def ends(word: str) -> list[int]:
    """Two ids of a word: those of its first and its last letter."""
    return [ALPHABET.get(word[0], UNK), ALPHABET.get(word[-1], UNK)]


def test_affix_features_equal_word_by_word() -> None:
    affixes = AffixEncoder(12, 2, 3, 0.1).double()
    found = affixes(spell(SENTENCES, ALPHABET, ends))
    assert found.shape == (3, 5, affixes.output_size)
    for row, words in enumerate(SENTENCES):
        for place, word in enumerate(words):
            assert_close(found[row, place], affixes.embedding.weight[ends(word)].flatten())


def test_affixes_join_words_and_characters() -> None:
    torch.manual_seed(1)
    characters, affixes = CharacterEncoder(12, 2, HIDDEN), AffixEncoder(12, 2, 3)
    words, lengths = batch()
    spellings = spell(SENTENCES, ALPHABET, ends)
    tagger = Tagger(8, 5, FEATURES, HIDDEN, characters=characters, affixes=affixes).eval()
    parts = [tagger.embedding(words), characters(spellings), affixes(spellings)]
    outputs, _ = tagger.lstm(torch.cat(parts, dim=-1), lengths)
    assert torch.equal(tagger(words, lengths, spellings), tagger.emissions(outputs))
    alone = Tagger(8, 5, FEATURES, HIDDEN, affixes=affixes)
    with pytest.raises(ValueError, match="needs spellings"):
        alone(words, lengths)
    assert alone(words, lengths, spellings).shape == (*words.shape, 5)


def test_affix_embeddings_start_at_their_standard_deviation() -> None:
    torch.manual_seed(1)
    weight = AffixEncoder(2000, 2, 20, 0.1).embedding.weight
    assert float(weight.detach().std()) == pytest.approx(0.1, rel=0.02)


def test_spellings_hold_each_distinct_word_once() -> None:
    spellings = spell(SENTENCES, ALPHABET)
    assert spellings.lengths.tolist() == [3, 3, 3, 5, 4]  # the dog ate apple that
    assert spellings.indices.tolist() == [[0, 1, 2, 0, 3], [2, 0, 0, 0, 0], [1, 2, 4, 0, 0]]
    d, o = ALPHABET["d"], ALPHABET["o"]
    assert spellings.characters[1].tolist() == [d, o, UNK, 0, 0]  # no g in the alphabet


def test_long_words_keep_both_ends() -> None:
    word = "a" * 40 + "o" * 40
    (row,) = spell([[word]], ALPHABET).characters.tolist()
    half = LONGEST_WORD // 2
    assert row == [ALPHABET["a"]] * half + [ALPHABET["o"]] * half
    exact = "d" * LONGEST_WORD
    assert spell([[exact]], ALPHABET).lengths.tolist() == [LONGEST_WORD]


@pytest.mark.parametrize("sentences", [[["a", ""]], [[]], []])
def test_no_words_and_empty_words_are_refused(sentences: list[list[str]]) -> None:
    with pytest.raises(ValueError, match="at least one"):
        spell(sentences, ALPHABET)


def test_spellings_must_fit_the_tagger_and_the_words() -> None:
    words, lengths = batch()
    with pytest.raises(ValueError, match="needs spellings"):
        build()(words, lengths)
    plain = Tagger(8, 5, FEATURES, HIDDEN)
    with pytest.raises(ValueError, match="takes no spellings"):
        plain(words, lengths, spell(SENTENCES, ALPHABET))
    with pytest.raises(ValueError, match=r"\(2, 5\), the words \(3, 5\)"):
        build()(words, lengths, spell(SENTENCES[:2], ALPHABET))


def test_mask_is_true_inside() -> None:
    expected = [[True, True, False], [True, False, False], [True, True, True]]
    assert sequence_mask(torch.tensor([2, 1, 3]), 3).tolist() == expected


def test_dropout_is_for_training_only() -> None:
    tagger = build(2, dropout=0.5)
    words, lengths = batch()
    spellings = spell(SENTENCES, ALPHABET)
    assert torch.equal(tagger(words, lengths, spellings), tagger(words, lengths, spellings))
    tagger.train()
    assert not torch.equal(tagger(words, lengths, spellings), tagger(words, lengths, spellings))


def test_learns_the_tutorials_two_sentences() -> None:
    """ "The dog ate the apple", "Everybody read that book": DET NN V DET NN, NN V DET NN."""
    torch.manual_seed(0)
    words = torch.tensor([[4, 5, 6, 4, 7], [8, 9, 10, 11, 0]])
    lengths = torch.tensor([5, 4])
    gold = torch.tensor([[0, 1, 2, 0, 1], [1, 2, 0, 1, -100]])
    tagger = Tagger(12, 3, embedding=6, hidden=6)
    optimiser = torch.optim.Adam(tagger.parameters(), lr=0.05)
    for _ in range(60):
        optimiser.zero_grad()
        nn.functional.cross_entropy(tagger(words, lengths).flatten(0, 1), gold.flatten()).backward()
        optimiser.step()
    found = tagger(words, lengths).argmax(dim=-1)
    assert torch.equal(found[gold >= 0], gold[gold >= 0])
