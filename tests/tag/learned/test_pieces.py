"""Words as pieces: as the vocabulary's own tokenizer cuts them, within what the encoder reads."""

import pytest
from tokenizers import Tokenizer

from trialcriteria.tag.learned.pieces import Pieces, Vocabulary
from trialcriteria.tag.learned.store import shipped_folder
from trialcriteria.tag.learned.words import words

PATH = shipped_folder() / "vocabulary.json"
NO_PIECE = "\u0301"


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary(PATH)


def cut(vocabulary: Vocabulary, text: str) -> Pieces:
    (pieces,) = vocabulary.pieces([words(text)])
    return pieces


def test_a_row_is_cut_as_the_tokenizer_cuts_it(vocabulary: Vocabulary) -> None:
    text = "Hepatosplenomegaly, NYHA III or α-fetoprotein ≥ 400µg/L; 日本 İstanbul ﬁbrosis"
    row = [word.text for word in words(text)]
    whole = Tokenizer.from_file(str(PATH)).encode(row, is_pretokenized=True)
    ids, _, firsts = cut(vocabulary, text)
    assert ids[1:-1] == whole.ids
    assert firsts == [1 + whole.word_ids.index(at) for at in range(len(row))]


def test_shapes_are_those_of_the_words(vocabulary: Vocabulary) -> None:
    row = words("no Hepatosplenomegaly")
    _, shapes, (_, second) = cut(vocabulary, "no Hepatosplenomegaly")
    assert shapes == [0, row[0].shape, *[row[1].shape] * (len(shapes) - second - 1), 0]


def test_a_word_without_a_piece_stands_at_the_one_behind_it(vocabulary: Vocabulary) -> None:
    assert cut(vocabulary, f"a {NO_PIECE} b").firsts == [1, 2, 2]
    assert cut(vocabulary, f"a {NO_PIECE}").firsts == [1, 1]


def test_words_behind_the_longest_row_stand_at_its_last_piece(vocabulary: Vocabulary) -> None:
    ids, shapes, firsts = cut(vocabulary, "a " * 600)
    assert len(ids) == len(shapes) == 512
    assert firsts == [*range(1, 511), *[510] * 90]
