"""The weights of ``judgement``, made by ``scripts/fit_judgement.py``."""

BIAS = -3.687
WEIGHTS = (
    0.296,  # covered
    1.367,  # sentence
    -1.357,  # neighbours
    0.503,  # phrases
    1.337,  # hint
    1.163,  # counted
    -1.813,  # names
    -0.119,  # numbers
    -0.978,  # apart
    -1.625,  # lacking
    -1.542,  # absent
    -2.064,  # unknown
    -0.678,  # typed
    0.396,  # measured
    0.771,  # bm25
    1.838,  # words
    4.133,  # rarity
    -0.411,  # untyped
)
