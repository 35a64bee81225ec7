"""The lexicon's files: a word can be added without code, and a mistake in one is named exactly."""

import pytest

from detectors.reading.field import read_field
from detectors.reading.lexicon import LexiconError, load_lexicon
from rates.book import RateBook

MISTAKES = [
    ("category = \n", "not TOML"),
    ('[x]\ntitle = "x"\n', "category is None"),
    ('category = "colour"\n', "category is 'colour'"),
    ('category = "risk"\nx = "y"\n', "x must be a table such as [x]"),
    ('category = "risk"\n[x]\nen = ["y y"]\n', "no title"),
    ('category = "risk"\n[x]\ntitle = "x"\nenglish = ["y y"]\n', "'english' is neither a language of two letters"),
    ('category = "risk"\n[x]\ntitle = "x"\nen = "y y"\n', "must be a list of words in quotes"),
    ('category = "risk"\n[x]\ntitle = "x"\nen = [""]\n', "is empty"),
    ('category = "risk"\n[x]\ntitle = "x"\nen = ["q"]\n', "is a single letter"),
    ('category = "plan"\n[x]\ntitle = "x"\n', "a plan needs a family"),
    ('category = "plan"\n[x]\ntitle = "x"\nfamily = "gpt"\nfaces = ["20$"]\n', "faces must be amounts in quotes"),
]


@pytest.mark.parametrize(("text", "said"), MISTAKES, ids=[case[1] for case in MISTAKES])
def test_a_mistake_is_said_with_the_file(rates: RateBook, text: str, said: str) -> None:
    with pytest.raises(LexiconError) as caught:
        load_lexicon(rates, [("own.toml", text)])
    assert "own.toml" in str(caught.value)
    assert said in str(caught.value)


def concepts_in(text: str, rates: RateBook, *words: str) -> set[str]:
    written = ", ".join(f'"{word}"' for word in words)
    lexicon = load_lexicon(rates, [("own.toml", f'category = "risk"\n[own]\ntitle = "own"\nen = [{written}]\n')])
    hits = read_field("text", text, lexicon).hits_of("risk.own")
    return {text[hit.start : hit.end] for hit in hits}


def test_words_of_an_analyst_are_found(rates: RateBook) -> None:
    assert concepts_in("A Zorble Pool of keys", rates, "zorble pool") == {"Zorble Pool"}


def test_a_word_stands_on_its_own_unless_it_is_a_stem(rates: RateBook) -> None:
    assert concepts_in("zorbles and zorble", rates, "zorble") == {"zorble"}
    assert concepts_in("zorbles azorble", rates, "zorble*") == {"zorble"}
    assert concepts_in("azorble zorbles", rates, "*zorble") == {"zorble"}


def test_a_word_can_be_asked_to_stand_beside_a_number(rates: RateBook) -> None:
    assert concepts_in("5 zor, zor", rates, "#zor") == {"zor"}
    assert concepts_in("zor of them", rates, "#zor") == set()


def test_the_digest_tells_one_lexicon_from_another(rates: RateBook) -> None:
    own = 'category = "risk"\n[own]\ntitle = "own"\nen = ["zorble pool"]\n'
    assert load_lexicon(rates).digest == load_lexicon(rates).digest
    assert load_lexicon(rates).digest != load_lexicon(rates, [("own.toml", own)]).digest
