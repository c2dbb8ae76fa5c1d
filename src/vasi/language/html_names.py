"""The names of HTML's elements: what may stand between angle brackets and isn't meant to be read."""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


INLINE = _names(
    """
    a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q rp rt ruby s samp small span
    strike strong sub sup time tt u var wbr
    """
)
"""Elements within a line: without them the words stand as they did."""

BLOCKS = _names(
    """
    address area article aside audio base blockquote body br button canvas caption center col colgroup datalist dd
    details dialog dir div dl dt embed fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head
    header hgroup hr html iframe img input legend li link main map menu meta meter nav noscript object ol optgroup
    option output p param picture pre progress script section select source style summary svg table tbody td template
    textarea tfoot th thead title tr track ul video
    """
)
"""Elements that part what stands before them from what stands behind."""
