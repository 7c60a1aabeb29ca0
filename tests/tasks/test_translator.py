"""A run put to use: tokens and attention of each output, loading, and alignment scores."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from nlpflow.errors import UserError
from nlpflow.metrics.alignment import (
    alignment_error_rate,
    diagonal_links,
    uniform_error_rate,
)
from nlpflow.models.ensemble import Ensemble
from nlpflow.runs.run import Run, load_run, save_run
from nlpflow.settings.translation import Decoding, TranslationExperiment
from nlpflow.tables import read_json, write_json
from nlpflow.tasks.translation.alignment import alignment_scores
from nlpflow.tasks.translation.loading import load_translator
from nlpflow.tasks.translation.model import build_seq2seq
from nlpflow.tasks.translation.translator import (
    LONGEST_SOURCE,
    Translation,
    Translator,
    normalise_sentences,
)
from nlpflow.text.links import parse_links
from nlpflow.vocabulary import EOS, Words

SOURCE = Words(tuple("abcdefg"), (1,) * 7)
TARGET = Words(tuple("ABCDEF"), (1,) * 6)
MAX_LENGTH = 5
SENTENCES = ["a b c d", "g", "", "x a <EOS> y", "f e d", "a b c d", "e"]
KINDS = ["none", "tutorial", "additive"]


def experiment(attention: str = "additive", **decoding) -> TranslationExperiment:
    return TranslationExperiment(
        task="translation",
        vocabulary="sample",
        model={"attention": attention, "embedding": 8, "hidden": 8, "dropout": 0.5},
        decoding={"max_tokens": 6, "batch_size": 3} | decoding,
    )


def build(attention: str = "additive", **decoding) -> Translator:
    """Random large weights, so that outputs differ and some of them end."""
    settings = experiment(attention, **decoding)
    for seed in range(100):
        torch.manual_seed(seed)
        model = build_seq2seq(settings.model, len(SOURCE), len(TARGET), MAX_LENGTH)
        with torch.no_grad():
            for weight in model.parameters():
                weight.mul_(5)
            model.decoder.output.bias[EOS] += 1
        translator = Translator(
            model.eval(), SOURCE, TARGET, Decoding(max_tokens=6), torch.device("cpu")
        )
        ended = [t.tgt_tokens[-1:] == ["<EOS>"] for t in translator.translate(SENTENCES)]
        if any(ended) and not all(ended):
            translator.decoding = settings.decoding
            return translator
    raise AssertionError("no such model among 100")


def assert_same(ours: list[Translation], theirs: list[Translation]) -> None:
    for one, other in zip(ours, theirs, strict=True):
        assert (one.text, one.src_tokens, one.tgt_tokens, one.unknown) == (
            other.text,
            other.src_tokens,
            other.tgt_tokens,
            other.unknown,
        )
        np.testing.assert_allclose(one.weights, other.weights, rtol=0, atol=1e-5)


@pytest.mark.parametrize("attention", KINDS)
def test_order_and_batch_size_change_nothing(attention: str) -> None:
    translator = build(attention, batch_size=3)
    found = translator.translate(SENTENCES)
    assert_same(found, [translator.translate([sentence])[0] for sentence in SENTENCES])
    assert_same(found, translator.translate(SENTENCES[::-1])[::-1])
    translator.decoding = Decoding(max_tokens=6, batch_size=100)
    assert_same(found, translator.translate(SENTENCES))


@pytest.mark.parametrize("attention", KINDS)
def test_tokens_and_weights(attention: str) -> None:
    for sentence, output in zip(SENTENCES, build(attention).translate(SENTENCES), strict=True):
        assert output.src_tokens == [*sentence.split(), "<EOS>"]
        words = (
            output.tgt_tokens[: output.tgt_tokens.index("<EOS>")]
            if ("<EOS>" in output.tgt_tokens)
            else output.tgt_tokens
        )
        assert output.tgt_tokens in (words, [*words, "<EOS>"])
        assert len(output.tgt_tokens) >= 6 or output.tgt_tokens[-1] == "<EOS>"
        assert output.text.split() == [word for word in words if word not in ("<pad>", "<SOS>")]
        assert output.weights.shape == (len(output.tgt_tokens), len(output.src_tokens))
        assert output.weights.dtype == np.float32
        total = 0 if attention == "none" else 1
        np.testing.assert_allclose(output.weights.sum(axis=1), total, atol=1e-5)


@pytest.mark.parametrize("attention", KINDS)
def test_beam_search_by_order_and_batch_size(attention: str) -> None:
    translator = build(attention, batch_size=3, beam=4)
    found = translator.n_best(SENTENCES, 3)
    for ranked, sentence in zip(found, SENTENCES, strict=True):
        (alone,) = translator.n_best([sentence], 3)
        assert_same(ranked[:1], alone[:1])  # further ones may be equally likely
        scores = [output.score for output in ranked]
        assert scores == sorted(scores, reverse=True)
        assert scores == pytest.approx([output.score for output in alone], abs=1e-4)
    assert_same(translator.translate(SENTENCES), [ranked[0] for ranked in found])


def test_the_beam_decides_the_search() -> None:
    translator = build(beam=1)
    greedy = translator.greedy(SENTENCES)
    assert_same(translator.translate(SENTENCES), greedy)
    assert [output.score for output in greedy] == [None] * len(SENTENCES)
    assert_same([ranked[0] for ranked in translator.n_best(SENTENCES, 1)], greedy)
    translator.decoding = Decoding(max_tokens=6, beam=5)
    assert_same(translator.greedy(SENTENCES), greedy)
    beam = translator.translate(SENTENCES)
    assert [output.tgt_tokens for output in beam] != [output.tgt_tokens for output in greedy]


def test_a_very_long_sentence_is_cut_and_batched_apart(monkeypatch) -> None:
    translator = build(batch_size=20)
    sizes = []
    encode = translator.model.encode
    monkeypatch.setattr(
        translator.model, "encode", lambda *src: sizes.append(src[0].shape) or encode(*src)
    )
    long = " ".join("abcdefg"[i % 7] for i in range(5000))
    short = "a b c"
    outputs = translator.translate([short, long, long + " g", short, short])
    assert sizes == [(2, LONGEST_SOURCE), (3, 4)]
    assert [output.unread for output in outputs] == [0, 4001, 4002, 0, 0]
    assert outputs[1].src_tokens == [*long.split()[: LONGEST_SOURCE - 1], "<EOS>"]
    assert_same([outputs[1]], translator.translate([" ".join(long.split()[:999])]))
    assert_same([outputs[0]], translator.translate([short]))


def test_unknown_words_and_names_of_special_tokens() -> None:
    output = build().translate(["x a <EOS> y"])[0]
    assert output.unknown == ["x", "<EOS>", "y"]
    assert output.src_tokens == ["x", "a", "<EOS>", "y", "<EOS>"]


def test_length_limit() -> None:
    translator = build(max_tokens=2)
    with torch.no_grad():
        translator.model.decoder.output.bias[EOS] = -1000
    for output in translator.translate(SENTENCES):
        assert len(output.tgt_tokens) == 2
        assert "<EOS>" not in output.tgt_tokens
        assert output.weights.shape[0] == 2


def test_tutorial_attention_sees_nothing_beyond_its_positions() -> None:
    output = build("tutorial").translate(["a b c d e f g a"])[0]
    assert output.weights.shape[1] == len(output.src_tokens) == 9
    np.testing.assert_allclose(output.weights[:, :MAX_LENGTH].sum(axis=1), 1, atol=1e-5)
    assert (output.weights[:, MAX_LENGTH:] == 0).all()


@pytest.mark.parametrize("training", [False, True])
def test_dropout_is_off_and_the_mode_restored(training: bool) -> None:
    translator = build()
    expected = translator.translate(SENTENCES)
    translator.model.train(training)
    assert_same(translator.translate(SENTENCES), expected)
    assert translator.model.training == training


def test_nothing_to_translate() -> None:
    assert build().translate([]) == []


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """The run's folder of `build()`."""
    vocabulary = tmp_path / "vocabularies"
    vocabulary.mkdir()
    SOURCE.save(vocabulary / "source.vocab")
    TARGET.save(vocabulary / "target.vocab")
    described = Run(
        experiment="sample",
        seed=1,
        settings=experiment().model_dump(mode="json"),
        normalisation="tutorial",
        languages=("fra", "eng"),
        vocabulary=str(vocabulary),
        digests={"source": SOURCE.digest, "target": TARGET.digest},
        sizes={"max_length": MAX_LENGTH},
    )
    empty = pd.DataFrame({"epoch": [1]})
    save_run(tmp_path / "run", described, build().model.state_dict(), empty, empty, {})
    return tmp_path / "run"


def test_draws_of_a_sentence_do_not_depend_on_the_others() -> None:
    translator = build(sampling={"temperature": 1.5, "seed": 3}, batch_size=2)
    together = translator.translate(SENTENCES)
    for sentence, expected in zip(SENTENCES, together, strict=True):
        assert_same(translator.translate([sentence]), [expected])
    assert_same(translator.translate(SENTENCES[::-1]), together[::-1])
    other = build(sampling={"temperature": 1.5, "seed": 4}).translate(SENTENCES)
    assert [one.text for one in other] != [one.text for one in together]


def test_without_scores_a_warning_says_how_outputs_are_searched(
    run: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert load_translator(run)[0].decoding.beam == 1
    (record,) = caplog.records
    assert f"run {run}: no scores say how to search" in record.getMessage()
    caplog.clear()
    assert load_translator(run, beam=3)[0].decoding.beam == 3
    decoding = Decoding(beam=2).model_dump(mode="json")
    (run / "test").mkdir()
    write_json(run / "test" / "metrics.json", {"scores": {}, "decoding": decoding})
    assert load_translator(run)[0].decoding.beam == 2
    assert not caplog.records


def test_a_loaded_run_translates_alike(run: Path) -> None:
    translator, opened = load_translator(run)
    assert opened.normalisation == "tutorial"
    assert_same(translator.translate(SENTENCES), build().translate(SENTENCES))
    assert not translator.model.training


def other_run(run: Path, name: str, **changes: Any) -> Path:
    """A copy of a run with other weights."""
    described = Run.model_validate(read_json(run / "run.json") | changes, strict=False)
    absolute = described.model_copy(update={"vocabulary": str(run.parent / "vocabularies")})
    torch.manual_seed(1234)
    weights = {
        key: weight + 0.5 * torch.randn_like(weight) for key, weight in load_run(run)[1].items()
    }
    empty = pd.DataFrame({"epoch": [1]})
    save_run(run.parent / name, absolute, weights, empty, empty, {})
    return run.parent / name


@pytest.mark.parametrize("beam", [1, 3])
def test_several_runs_decode_together(run: Path, beam: int) -> None:
    other = other_run(run, "other-1")
    alone = load_translator(run, Decoding(max_tokens=6, beam=beam))[0]
    second = load_translator(other, alone.decoding)[0]
    both = Ensemble([alone.model, second.model]).eval()
    expected = Translator(both, SOURCE, TARGET, alone.decoding, alone.device).translate(SENTENCES)
    assert [one.text for one in expected] != [one.text for one in alone.translate(SENTENCES)]
    named = alone.decoding.model_copy(update={"ensemble": (f"{run.parent}/other-{{seed}}",)})
    for found in (
        load_translator(run, alone.decoding, others=[other])[0],
        load_translator(run, named)[0],
    ):
        assert_same(found.translate(SENTENCES), expected)
        assert not found.model.training
    twice = load_translator(run, alone.decoding, others=[run])[0].translate(SENTENCES)
    assert [one.text for one in twice] == [one.text for one in alone.translate(SENTENCES)]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"digests": {"source": SOURCE.digest, "target": "0"}}, "has another target vocabulary"),
        ({"digests": {}}, "has another source vocabulary"),
        ({"normalisation": "cased"}, "has normalisation 'cased'"),
    ],
)
def test_runs_that_cannot_decode_together(run: Path, changes: dict, reason: str) -> None:
    other = other_run(run, "other", **changes)
    with pytest.raises(UserError, match=reason) as caught:
        load_translator(run, others=[other])
    assert str(run) in str(caught.value)
    with pytest.raises(UserError, match="is not a trained run"):
        load_translator(run, others=[run.parent / "missing"])


def test_a_run_decodes_as_it_was_evaluated(run: Path) -> None:
    assert load_translator(run)[0].decoding == Decoding(max_tokens=6, batch_size=3)
    (run / "test").mkdir()
    write_json(run / "test/metrics.json", {"decoding": {"max_tokens": 9, "beam": 5}})
    assert load_translator(run)[0].decoding == Decoding(max_tokens=9, beam=5)
    assert load_translator(run, Decoding(beam=2))[0].decoding == Decoding(beam=2)


def evaluated(run: Path, test_set: str, weights: str = "", **decoding: Any) -> None:
    (run / test_set).mkdir(exist_ok=True)
    metrics = {"decoding": decoding, "data": {"weights": weights or load_run(run)[0].weights}}
    write_json(run / test_set / "metrics.json", metrics)


def test_scores_of_an_older_search_do_not_decide(run: Path) -> None:
    evaluated(run, "dev", beam=1)
    evaluated(run, "test", beam=5, batch_size=7)
    assert refusal(run) == (
        f"run {run}: dev was evaluated with beam 1, test with beam 5: evaluate both with the "
        "same, or remove the older folder; --beam N chooses a beam"
    )
    assert load_translator(run, beam=3)[0].decoding.beam == 3
    evaluated(run, "dev", beam=5)
    assert load_translator(run)[0].decoding.beam == 5
    evaluated(run, "dev", beam=5, length_penalty=0.0)
    message = f"run {run}: dev was evaluated with length_penalty 0.0, test with length_penalty 0.6"
    assert refusal(run).startswith(message)
    with pytest.raises(UserError, match=r"length_penalty 0\.0"):
        load_translator(run, beam=3)


def test_scores_of_other_weights_do_not_decide(run: Path) -> None:
    evaluated(run, "dev", weights="0" * 64, beam=1)
    evaluated(run, "test", beam=5)
    assert load_translator(run)[0].decoding.beam == 5
    evaluated(run, "test", weights="0" * 64, beam=5)
    assert load_translator(run)[0].decoding == Decoding(max_tokens=6, batch_size=3)


@pytest.mark.parametrize(
    "text", ['{"decoding": {"beem": 5}}', '{"decoding": []}', "{", "[]", "", '{"data": []}']
)
def test_wrong_decoding_is_refused(run: Path, text: str) -> None:
    (run / "test").mkdir()
    (run / "test/metrics.json").write_text(text)
    assert "test/metrics.json" in refusal(run)


def refusal(run: Path) -> str:
    with pytest.raises(UserError) as caught:
        load_translator(run)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_another_vocabulary_is_refused(run: Path) -> None:
    Words(tuple("gfedcba"), (1,) * 7).save(run.parent / "vocabularies" / "source.vocab")
    assert "the sha256 of source in" in refusal(run)


def test_a_missing_vocabulary_is_named(run: Path) -> None:
    (run.parent / "vocabularies" / "target.vocab").unlink()
    assert "target.vocab" in refusal(run)


def test_weights_of_another_network_are_refused(run: Path) -> None:
    text = (run / "run.json").read_text()
    (run / "run.json").write_text(text.replace('"hidden": 8', '"hidden": 9'))
    assert str(run) in refusal(run)


def test_unknown_settings_are_refused(run: Path) -> None:
    text = (run / "run.json").read_text()
    (run / "run.json").write_text(text.replace('"hidden": 8', '"hiden": 8'))
    assert "hiden" in refusal(run)


def test_raw_sentences() -> None:
    raw = ["  Ça va ? ", "Je ne sais pas.", ""]
    assert normalise_sentences(raw, "tutorial") == ["ca va ?", "je ne sais pas .", ""]
    assert normalise_sentences([], "tutorial") == []


def aligned(*rows: tuple[str, str, str | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["source", "target", "alignment"])


@pytest.mark.parametrize("attention", ["tutorial", "additive"])
def test_alignment_under_forced_decoding(attention: str) -> None:
    """The links are those of the steps that say each reference word, fed one at a time."""
    translator = build(attention)
    rows = [("a b c", "A B", "0-0 2-1"), ("d", "C D E", "0-0 0-2"), ("f x g c", "F", "1-0")]
    found = []
    for source, target, _ in rows:
        src = torch.tensor([[*SOURCE.encode(source), EOS]])
        memory, state = translator.model.encode(src, torch.tensor([src.shape[1]]))
        links, word = set(), 2  # <SOS>
        for position, following in enumerate(TARGET.encode(target)):
            decoded = translator.model.decoder(torch.tensor([[word]]), state, memory)
            state, word = decoded.state, following
            looked = decoded.weights[0, 0, :-1].argmax()  # <EOS> is no word
            links.add((int(looked), position))
        found.append(frozenset(links))
    gold = [parse_links(links) for _, _, links in rows]
    sizes = [(len(source.split()), len(target.split())) for source, target, _ in rows]
    scores = alignment_scores(translator, aligned(*rows, ("a", "A", None)))
    assert scores == pytest.approx(
        {
            "aer": alignment_error_rate(found, gold),
            "aer_diagonal": alignment_error_rate([diagonal_links(*s) for s in sizes], gold),
            "aer_uniform": uniform_error_rate(gold, sizes),
        }
    )


def test_no_alignment_scores_without_gold_or_attention() -> None:
    table = aligned(("a b", "A", "0-0"))
    assert alignment_scores(build("none"), table) == {}
    assert alignment_scores(build(), table.drop(columns="alignment")) == {}


def test_no_alignment_scores_where_no_pair_of_the_split_has_gold() -> None:
    assert alignment_scores(build(), aligned(("a b", "A", None), ("c", "B", None))) == {}


def test_guesses_know_the_whole_source_beyond_what_attention_sees() -> None:
    """The baselines of a dataset are the same for every experiment."""
    table = aligned(("a b c d e f g a", "A B", "1-0 7-1"), ("a", "C", "0-0"))
    tutorial, additive = (alignment_scores(build(kind), table) for kind in KINDS[1:])
    for baseline in ("aer_diagonal", "aer_uniform"):
        assert tutorial[baseline] == pytest.approx(additive[baseline])
