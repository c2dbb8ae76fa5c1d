"""The weights of ``judgement``, made by ``scripts/fit_judgement.py``."""

BIAS = -4.000
WEIGHTS = (
    0.374,  # covered
    1.658,  # sentence
    -1.543,  # neighbours
    0.710,  # phrases
    1.066,  # hint
    1.431,  # counted
    -1.724,  # names
    -0.232,  # numbers
    -0.842,  # apart
    -2.027,  # lacking
    -1.305,  # absent
    -1.338,  # unknown
    -0.267,  # typed
    0.560,  # bm25
    1.842,  # words
    4.533,  # rarity
    0.295,  # untyped
)
