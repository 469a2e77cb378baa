"""Small texts to train on, and the model after training."""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice, pairwise
from math import inf, log
from pathlib import Path
from time import sleep

import numpy as np
import pytest

from benchmarks.training import Trained, held_out, split, text_of
from proved_kernels.training import corpus as corpora
from proved_kernels.training import saving, trainer
from proved_kernels.training.command_line import main
from proved_kernels.training.corpus import Corpus, Refused, corpus_of, keep_probabilities, numbered
from proved_kernels.training.saving import replacing
from proved_kernels.training.trainer import Model, NegativeSampling, Settings, new_model, train

SMALL = Settings(vector_size=8, min_count=1, sample=0, epochs=2)


def corpus(sentences: Sequence[Sequence[object]], min_count: int = 1) -> Corpus:
    return corpus_of(numbered([str(word) for word in words] for words in sentences), min_count)


def zipf_sentences(count: int = 40, length: int = 25, seed: int = 0) -> list[list[int]]:
    rng = np.random.default_rng(seed)
    ranks = np.minimum(rng.zipf(1.3, (count, length)), 60)
    return [row.tolist() for row in ranks]


def zipf_lines(count: int = 40, length: int = 25) -> str:
    return "\n".join(
        " ".join(f"w{w}" for w in row) for row in zipf_sentences(count, length, seed=0)
    )


def trained(text: Corpus, settings: Settings) -> Model:
    model = new_model(len(text.words), settings)
    for _ in train(model, text, settings, NegativeSampling(text, settings)):
        pass
    return model


QUICK = ["--vector-size", "8", "--min-count", "2", "--epochs", "2"]


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "text"
    path.write_text(zipf_lines(), encoding="utf-8")
    return path


def vectors(path: Path) -> tuple[list[str], np.ndarray]:
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split(" ") for line in lines]
    found = np.array([row[1:] for row in rows], np.float32)
    assert head == f"{found.shape[0]} {found.shape[1]}"
    return [row[0] for row in rows], found


def test_the_same_seed_gives_the_same_vectors_and_another_gives_others(
    text: Path, tmp_path: Path
) -> None:
    outputs = [tmp_path / name for name in "abc"]
    for output, seed in zip(outputs, "112", strict=True):
        assert main([str(text), *QUICK, "--seed", seed, "--output", str(output)]) == 0
    first, same, other = (output.read_bytes() for output in outputs)
    assert first == same
    assert first != other


def test_words_that_keep_company_come_to_be_neighbours(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = random.Random(0)
    groups = [["red", "green", "blue", "pink"], ["one", "two", "three", "four"]]
    path = tmp_path / "text"
    path.write_text("\n".join(" ".join(rng.choices(groups[k % 2], k=8)) for k in range(800)))
    options = ["--vector-size", "10", "--sample", "0", "--alpha", "0.05"]
    assert main([str(path), *options, "--similar", "red", "--similar", "two", "--topn", "3"]) == 0
    *_, red, two = capsys.readouterr().out.splitlines()
    assert set(red.split(": ")[1].replace(",", "").split()[::2]) == {"green", "blue", "pink"}
    assert set(two.split(": ")[1].replace(",", "").split()[::2]) == {"one", "three", "four"}


def test_gensim_loads_the_vectors(text: Path, tmp_path: Path) -> None:
    keyed = pytest.importorskip("gensim.models.keyedvectors", reason="pip install gensim")
    output = tmp_path / "vectors.txt"
    assert main([str(text), *QUICK, "--output", str(output)]) == 0
    loaded = keyed.KeyedVectors.load_word2vec_format(output)
    words, found = vectors(output)
    assert loaded.index_to_key == words
    assert np.array_equal(loaded.vectors, found)


@pytest.mark.slow
def test_what_is_killed_at_any_moment_ends_with_the_same_vectors(tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text(zipf_lines(400, 50), encoding="utf-8")
    checkpoint = tmp_path / "c.npz"

    def command(output: Path, *more: str) -> list[str]:
        options = ["--vector-size", "20", "--epochs", "150", "--output", str(output)]
        return [sys.executable, "-m", "proved_kernels.training", str(text), *options, *more]

    keeping = ("--checkpoint", str(checkpoint), "--checkpoint-every", "0")
    subprocess.run(command(tmp_path / "whole"), check=True, capture_output=True)
    kills = 0
    for _ in range(3):
        process = subprocess.Popen(command(tmp_path / "killed", *keeping), stdout=subprocess.PIPE)
        while not checkpoint.exists() and process.poll() is None:
            sleep(0.01)
        sleep(random.uniform(0.0, 0.5))
        process.kill()
        process.communicate()
        kills += process.returncode != 0
    assert kills
    done = subprocess.run(command(tmp_path / "killed", *keeping), check=True, capture_output=True)
    assert done.stderr == b""  # no terminal: no progress
    assert (tmp_path / "killed").read_bytes() == (tmp_path / "whole").read_bytes()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--window", "0"], "--window: '0' should be an integer from 1"),
        (["--window", "five"], "--window: 'five' should be an integer"),
        (["--alpha", "nan"], "--alpha: 'nan' should be a number"),
        (["--sample", "2"], "--sample: '2' should be a number from 0 to 1"),
        (["--alpha", "0.01", "--min-alpha", "0.02"], "--min-alpha should not be above --alpha"),
        (["--output", "absent/vectors.txt"], "no such folder"),
        (["--checkpoint", "absent/c.npz"], "no such folder"),
    ],
)
def test_wrong_usage_is_refused_before_any_work(
    options: list[str], message: str, text: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit_:
        main([str(text), *options])
    assert exit_.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        (None, [], "No such file"),
        (b"", [], "no words"),
        (b"a b c", [], "no word occurs 5 times; lower --min-count"),
        (b"caf\xe9", [], "not utf-8 text"),
        (b"a a a a a", ["--similar", "b"], "--similar b: not in the vocabulary"),
        (b"a a a a a", ["--encoding", "absent"], "no such encoding"),
    ],
)
def test_a_text_that_cannot_be_used_is_refused(
    content: bytes | None,
    options: list[str],
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "some"
    if content is not None:
        path.write_bytes(content)
    assert main([str(path), *options]) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.out == ""


def test_numba_is_imported_only_where_it_is_asked_for(text: Path) -> None:
    trains = (
        "import sys; from proved_kernels.training.command_line import main; "
        f"print(main([{str(text)!r}, *{QUICK!r}]), 'numba' in sys.modules)"
    )
    command = [sys.executable, "-c", trains]
    done = subprocess.run(command, capture_output=True, cwd=ROOT, check=True)
    assert done.stdout.split()[-2:] == [b"0", b"False"]


def test_a_text_of_one_word_is_trained_on(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_text("a\n" * 5)
    assert main([str(path), "--output", str(tmp_path / "v")]) == 0
    assert np.isfinite(vectors(tmp_path / "v")[1]).all()


WORDS = ["the", "naïve", "猫"]
V = np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32)


@pytest.mark.parametrize("form", ["text", "binary"])
@pytest.mark.parametrize("name", ["v", "v.gz"])
def test_gensim_loads_the_numbers_that_are_written(form: str, name: str, tmp_path: Path) -> None:
    keyed = pytest.importorskip("gensim.models.keyedvectors", reason="pip install gensim")
    saving.write(tmp_path / name, WORDS, V, form)
    loaded = keyed.KeyedVectors.load_word2vec_format(tmp_path / name, binary=form == "binary")
    assert loaded.index_to_key == WORDS
    assert np.array_equal(loaded.vectors, V)


def test_a_compressed_file_has_the_same_bytes_every_time(tmp_path: Path) -> None:
    for name in ("a.gz", "b.gz"):
        saving.write(tmp_path / name, WORDS, V)
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()
    assert gzip.decompress((tmp_path / "a.gz").read_bytes()).startswith(b"3 5\nthe ")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--output", "{}"], "is a folder"),
        (["--output", "{}/text"], "is the text"),
        (["--checkpoint", "{}/text"], "is the text"),
        (["--output", "{}/text/v"], "no such folder"),
        (["--output", "/proc/v"], "--output /proc/v: "),
        (["--workers", "2"], "several threads need --backend compiled"),
        (["-", "-"], "can be read only once"),
    ],
)
def test_what_cannot_be_is_refused_before_any_work(
    options: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text").write_text("a b\n" * 10)
    given = [option.format(tmp_path) for option in options]
    try:
        code = main([str(tmp_path / "text"), *given])
    except SystemExit as left:
        code = left.code  # type: ignore[assignment]
    assert code == 2
    told = capsys.readouterr()
    assert message in told.err
    assert told.out == ""
    assert [path.name for path in tmp_path.iterdir()] == ["text"]


def test_a_short_text_trains_and_a_loss_that_did_not_move_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "text"
    path.write_text("a b c d\n" * 8)
    options = ["--min-count", "1", "--sample", "0", "--vector-size", "10"]
    assert main([str(path), *options, "--alpha", "0.1", "--epochs", "40"]) == 0
    assert capsys.readouterr().err == ""
    assert main([str(path), *options, "--alpha", "1e-6", "--min-alpha", "0"]) == 0
    assert "the loss did not move" in capsys.readouterr().err
    path.write_text("a\n" * 8)
    assert main([str(path), *options]) == 0
    assert "no word has a neighbour" in capsys.readouterr().err


TEXT = corpus(zipf_sentences())
METHOD = NegativeSampling(TEXT, SMALL)
OTHER = corpus(zipf_sentences(seed=1))


def saved(path: Path) -> Model:
    model = new_model(len(TEXT.words), SMALL)
    saving.save_checkpoint(path, model, TEXT, SMALL, "numpy")
    return model


@pytest.mark.parametrize("stretches", [0, 1, 4, 7, 10])
def test_training_goes_on_as_if_it_had_not_stopped(
    stretches: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer, "STRETCH", 220)  # 5 stretches an epoch
    path = tmp_path / "c.npz"
    model = new_model(len(TEXT.words), SMALL)
    for _ in islice(train(model, TEXT, SMALL, METHOD), stretches):
        pass
    saving.save_checkpoint(path, model, TEXT, SMALL, "numpy")
    resumed = saving.load_checkpoint(path, TEXT, SMALL, "numpy")
    for _ in train(resumed, TEXT, SMALL, METHOD):
        pass
    whole = trained(TEXT, SMALL)
    assert resumed.stretches == whole.stretches == 10
    assert np.array_equal(resumed.V, whole.V)
    assert np.array_equal(resumed.U, whole.U)


@pytest.mark.parametrize("name", sorted(vars(SMALL)))
def test_a_checkpoint_of_another_setting_is_refused_by_its_name(name: str, tmp_path: Path) -> None:
    saved(tmp_path / "c.npz")
    other = replace(SMALL, **{name: getattr(SMALL, name) + 1})
    with pytest.raises(Refused, match=f"--{name.replace('_', '-')} "):
        saving.load_checkpoint(tmp_path / "c.npz", TEXT, other, "numpy")


def test_a_checkpoint_of_another_back_end_is_refused(tmp_path: Path) -> None:
    saved(tmp_path / "c.npz")
    with pytest.raises(Refused, match="a checkpoint of --backend numpy, not compiled"):
        saving.load_checkpoint(tmp_path / "c.npz", TEXT, SMALL, "compiled")


def test_a_checkpoint_of_another_text_is_refused(tmp_path: Path) -> None:
    saved(tmp_path / "c.npz")
    with pytest.raises(Refused, match="another text"):
        saving.load_checkpoint(tmp_path / "c.npz", OTHER, SMALL, "numpy")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"0 1 2", b"\x80\x04]."])
def test_what_is_no_checkpoint_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "c.npz").write_bytes(content)
    with pytest.raises(Refused, match="not a checkpoint"):
        saving.load_checkpoint(tmp_path / "c.npz", TEXT, SMALL, "numpy")


@pytest.mark.parametrize("change", [{"V": np.zeros((2, 2), np.float32)}, {"settings": "[]"},
                                    {"settings": json.dumps({})}, {"stretches": "x"}])  # fmt: skip
def test_a_checkpoint_with_other_contents_is_refused(
    change: dict[str, object], tmp_path: Path
) -> None:
    saved(tmp_path / "c.npz")
    with np.load(tmp_path / "c.npz") as file:
        contents = {name: file[name] for name in file.files}
    np.savez(tmp_path / "c.npz", **{**contents, **change})
    with pytest.raises(Refused):
        saving.load_checkpoint(tmp_path / "c.npz", TEXT, SMALL, "numpy")


def test_pickled_objects_are_not_loaded(tmp_path: Path) -> None:
    np.savez(tmp_path / "c.npz", settings=np.array([{}], object))
    with pytest.raises(Refused):
        saving.load_checkpoint(tmp_path / "c.npz", TEXT, SMALL, "numpy")


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("before")

    def interrupted() -> None:
        with replacing(path) as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_text() == "before"
    with replacing(path) as file:
        file.write(b"after")
    assert path.read_text() == "after"


def test_sentences_come_back_from_numbers(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_text("the cat  sat\n\non the\tmat\n", encoding="utf-8")
    text = corpora.read([str(path)])
    sentences = [
        [text.words[word] for word in text.ids[first:last]] for first, last in pairwise(text.bounds)
    ]
    assert [s for s in sentences if s] == [["the", "cat", "sat"], ["on", "the", "mat"]]


def test_a_long_sentence_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpora, "LONGEST_SENTENCE", 3)
    assert corpora.numbered([list("abcdefg")]).bounds.tolist() == [0, 3, 6, 7]


@pytest.mark.parametrize(
    ("content", "encoding", "message"),
    [
        (b"caf\xe9 au lait", "utf-8", "not utf-8 text"),
        (b"cafe", "no-such", "no such encoding"),
        (b"odd", "utf-16", "not utf-16 text"),
    ],
)
def test_what_cannot_be_decoded_is_refused(
    tmp_path: Path, content: bytes, encoding: str, message: str
) -> None:
    path = tmp_path / "text"
    path.write_bytes(content)
    with pytest.raises(Refused, match=message):
        corpora.read([str(path)], encoding)


def test_another_encoding_is_read(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_bytes(b"caf\xe9")
    assert corpora.read([str(path)], "latin-1").words == ["café"]


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="No such file"):
        corpora.read([str(tmp_path / "absent")])


def test_rare_words_are_left_out_and_frequent_ones_come_first() -> None:
    found = corpus(["abcb", "c", "dbe"], min_count=2)
    assert found.words == ["b", "c"]
    assert found.counts.tolist() == [3, 2]
    assert found.ids.tolist() == [0, 1, 0, 1, 0]
    assert found.bounds.tolist() == [0, 3, 4, 5]
    assert found.read == 8


def test_the_digest_tells_texts_apart() -> None:
    texts = (["ab", "ba"], ["abba"], ["ab", "ab"], ["xb", "bx"])
    assert len({corpus(text).digest for text in texts}) == len(texts)
    assert corpus(["ab", "ba"]).digest == corpus(["ab", "ba"]).digest


def test_a_text_without_frequent_words_leaves_nothing() -> None:
    assert corpus_of(corpora.numbered([["a", "b"]]), 2).words == []


def test_frequent_words_are_thinned_out() -> None:
    text = corpus(["a" * 90 + "b" * 9 + "c"])
    keep = keep_probabilities(text, 0.01)
    share = np.array([0.9, 0.09, 0.01])
    assert keep == pytest.approx(np.minimum(np.sqrt(0.01 / share) + 0.01 / share, 1))
    assert keep_probabilities(text, 0).tolist() == [1, 1, 1]


@pytest.mark.slow
def test_the_default_text_is_large_enough_to_train_on() -> None:
    text = corpora.numbered(corpora.default_sentences())
    assert len(text.ids) > 100_000
    assert {"the", "returns", "module"} <= set(text.words)


ROOT = Path(__file__).parents[2]


def sentences(*names: Path, encoding: str | None = None) -> list[list[str]]:
    text = corpora.read([str(name) for name in names], encoding)
    parts = np.split(text.ids, text.bounds[1:-1])
    return [[text.words[word] for word in part] for part in parts]


def test_several_files_are_one_text_and_a_file_ends_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"the cat\nsat")
    (tmp_path / "b").write_bytes(gzip.compress(b"on the\r\nmat\n"))
    found = sentences(tmp_path / "a", tmp_path / "b")
    assert found == [["the", "cat"], ["sat"], ["on", "the"], ["mat"]]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_says_the_encoding_and_is_no_part_of_a_word(
    encoding: str, tmp_path: Path
) -> None:
    (tmp_path / "a").write_bytes("été café".encode(encoding))
    assert sentences(tmp_path / "a") == [["été", "café"]]


@pytest.mark.parametrize("length", [1, 2, 3, 7])
def test_no_word_is_cut_where_a_part_ends(
    length: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpora, "_LENGTH", length)
    (tmp_path / "a").write_text("some longer words\tand a tab\n\n  one more line")
    assert sentences(tmp_path / "a") == [
        ["some", "longer", "words", "and", "a", "tab"],
        ["one", "more", "line"],
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (gzip.compress(b"some text", mtime=0)[:-4], "ends too early"),
        (b"\x1f\x8b" + b"\xff" * 20, "not a gzip file after all"),
    ],
)
def test_a_broken_compressed_file_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(content)
    with pytest.raises(Refused, match=message):
        sentences(tmp_path / "a.gz")


def test_standard_input_is_read_compressed_or_not(tmp_path: Path) -> None:
    text = zipf_lines().encode()
    (tmp_path / "text").write_bytes(text)
    assert main([str(tmp_path / "text"), *QUICK, "--output", str(tmp_path / "0")]) == 0
    for number, given in enumerate((text, gzip.compress(text)), 1):
        command = [sys.executable, "-m", "proved_kernels.training", "-", *QUICK]
        command += ["--output", str(tmp_path / f"{number}")]
        done = subprocess.run(command, input=given, capture_output=True, cwd=ROOT, check=False)
        assert done.returncode == 0, done.stderr
        assert (tmp_path / f"{number}").read_bytes() == (tmp_path / "0").read_bytes()


SENTENCES = [["a", "b", "c"], ["b", "a", "rare"], *[["a", "b"]] * 37, ["c", "a", "new", "b"]]
SETTINGS = Settings(min_count=2, sample=0, window=1)


def test_the_last_sentences_are_held_out_in_the_vocabulary_of_the_rest() -> None:
    found = split(numbered([*SENTENCES, SENTENCES[-1]]), 1)
    assert found.sentences == SENTENCES[:-1]
    assert [found.corpus.words[n] for n in found.held_ids] == ["c", "a", "b"] * 2
    assert found.held_bounds.tolist() == [0, 3, 6]
    assert found.corpus.read == sum(map(len, SENTENCES[:-1]))


def test_held_out_pairs_are_neighbours_in_a_sentence_both_ways() -> None:
    parts = split(numbered([*SENTENCES, SENTENCES[-1]]), 1)
    held = held_out(parts, SETTINGS)
    words = parts.corpus.words
    pairs = sorted(words[c] + words[o] for c, o in zip(held.centers, held.outsides, strict=True))
    assert pairs == sorted(["ca", "ac", "ab", "ba"] * 2)
    assert held.negatives.shape == (8, SETTINGS.negative)


def test_vectors_that_know_nothing_have_the_loss_of_even_chances() -> None:
    parts = split(numbered(SENTENCES), 1)
    zeros = np.zeros((len(parts.corpus.words), 3), np.float32)
    assert held_out(parts, SETTINGS).loss(zeros, zeros) == pytest.approx(6 * log(2))


def test_the_time_to_a_loss_is_that_of_the_first_point_below_it() -> None:
    none = np.zeros((1, 1), np.float32)
    run = Trained("ours", 1, 3.0, none, none, [(1.0, 2.5), (2.0, 2.4), (3.0, 2.3)])
    assert [run.seconds_to(loss) for loss in (2.6, 2.45, 2.3, 2.2)] == [1.0, 2.0, 3.0, inf]


def test_a_dictionary_is_read_by_paragraphs(tmp_path: Path) -> None:
    path = tmp_path / "gcide.dict.dz"
    path.write_bytes(gzip.compress(b'Abacus \\Ab"a*cus\\, n.\n   1. A table.\n\nB, 2nd\n'))
    text = text_of("gcide", path)
    assert [text.words[n] for n in text.ids] == [
        "abacus",
        "ab",
        "a",
        "cus",
        "n",
        "a",
        "table",
        "b",
        "nd",
    ]
    assert text.bounds.tolist() == [0, 7, 9]


def test_a_missing_dictionary_is_said_with_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="apt-get download dict-gcide"):
        text_of("gcide", tmp_path / "absent")


def test_a_missing_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="No such file"):
        text_of(str(tmp_path / "absent"), tmp_path)
