"""The weights of ``judgement``, made by ``scripts/fit_judgement.py``."""

BIAS = -3.820
WEIGHTS = (
    1.681,  # covered
    0.441,  # sentence
    1.166,  # neighbours
    0.039,  # phrases
    1.399,  # hint
    -0.852,  # counted
    -0.757,  # names
    -0.062,  # numbers
    -0.875,  # apart
    -0.806,  # lacking
    -0.329,  # absent
    -2.458,  # unknown
    -0.069,  # typed
    -1.199,  # unmet
    -1.446,  # uncounted
    0.256,  # undated
    -2.522,  # bare
    -0.268,  # bm25
    2.173,  # words
    2.614,  # rarity
    0.208,  # untyped
    -0.332,  # foreign
    0.128,  # without
    0.201,  # untold
    0.044,  # known
    3.450,  # near
)
