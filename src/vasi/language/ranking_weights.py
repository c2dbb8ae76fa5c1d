"""The weights of ``ranking``, made by ``scripts/fit_ranking.py``."""

BIAS = 0.0031
WEIGHTS = (
    0.6259,  # overlap
    -0.2213,  # inside
    0.1481,  # cue
    -0.1302,  # overlap_and_cue
    0.0878,  # measured
    0.1141,  # fit
    0.0708,  # overlap_and_fit
    0.0048,  # misfit
    0.1012,  # passage
    0.1487,  # rank
    0.0659,  # before
    0.0083,  # after
    0.0002,  # fit_after
    0.0280,  # first
    -0.1616,  # nothing_new
    -0.0455,  # new
    -0.0781,  # question
    -0.0114,  # address
    0.0253,  # most
    0.0380,  # names
    0.0159,  # pairs
    -0.0279,  # short
    -0.0140,  # long
    0.0038,  # complete
    -0.1132,  # contents
    0.0210,  # row
    -0.0222,  # field
    0.0874,  # label
    0.0323,  # capitals
    -0.0852,  # foreign
    0.0837,  # person
    -0.0149,  # counted
)
