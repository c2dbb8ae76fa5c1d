"""The weights of ``judgement``, made by ``scripts/fit_judgement.py``."""

BIAS = -5.850
WEIGHTS = (
    -1.708,  # covered
    1.974,  # sentence
    -0.105,  # neighbours
    0.564,  # phrases
    0.204,  # hint
    1.756,  # counted
    -2.249,  # names
    -0.983,  # numbers
    -1.267,  # apart
    -2.629,  # lacking
    -1.089,  # absent
    -0.246,  # unknown
    0.269,  # typed
    1.640,  # bm25
    3.034,  # words
    5.947,  # rarity
    0.522,  # untyped
)
