import numpy as np
import pytest

from vasi.engines.ports import HEARING_RATE
from vasi.engines.turn.cues import CueTurnAnalyzer


@pytest.fixture
async def analyzer():
    made = CueTurnAnalyzer()
    await made.start()
    yield made
    await made.stop()


async def test_words_that_hang_in_the_air_outweigh_any_silence(analyzer):
    silence = np.zeros(HEARING_RATE, np.int16)
    assert await analyzer.completeness(silence, "i would like to know um") < 0.3
    assert await analyzer.completeness(silence, "what is the deductible of the plan") > 0.5
