"""The weights of ``judgement``, made by ``scripts/fit_judgement.py``."""

BIAS = -2.780
WEIGHTS = (
    -0.218,  # covered
    1.472,  # sentence
    -1.265,  # neighbours
    0.461,  # phrases
    1.144,  # hint
    1.412,  # counted
    -1.627,  # names
    0.053,  # numbers
    -0.832,  # apart
    -1.933,  # lacking
    -1.737,  # absent
    -1.671,  # unknown
    -0.763,  # typed
    -0.584,  # unmet
    0.546,  # bm25
    1.898,  # words
    4.007,  # rarity
    -0.549,  # untyped
)
