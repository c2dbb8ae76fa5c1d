"""English words that tie an utterance to what is around it."""

from __future__ import annotations

from vasi.language.locales.turns import EndingWords, FollowUpWords, TurnWords, any_word, last_word, opening

TURNS = TurnWords(
    FollowUpWords(
        opening=opening(
            before="ok(?:ay)?|yes|so|well|hm+|thanks|thank you",
            words="(?:and|but|or) (?:what|how) about|and|but|or|(?:what|how) about",
        ),
        asking=any_word("""
            much many long often far old big time day date kind type else cost costs happen happens mean means please
            know get got one ones allowed work works
        """),
        questions=any_word("""
            what when where who whom whose which why how is are was were do does did can could may must should will
            would has have
        """),
        prepositions=any_word("for in on at with without during to from by under of"),
        pronouns=any_word("it its that this those these they them their there he she him her his"),
        longest=9,
    ),
    EndingWords(
        # articles, conjunctions, prepositions, auxiliaries and fillers
        open=last_word("""
            a an the my your his their our every each and or but because if although though unless until while whereas
            than whether nor of from into onto with without between among toward towards during per via upon versus
            against beside to at for as by that which who whose is are was were am be been being i'm i'd i'll i've
            you're we're they're can could would should will shall must might may do does did um uh er erm uhm hmm mm
            like well so actually basically
        """),
        # "which form is it on", "what about you"
        half_open=last_word("""
            in on about over under after before through then when where why how i you he she we they there very some
            any no not also just more most other another
        """),
        questions=any_word("what when where who whose whom which why how is are was were do does did can could would"),
        whole=any_word("""
            yes yeah yep no nope okay ok stop thanks sure right correct exactly hello hi hey goodbye bye please cancel
            continue repeat again help next wait never maybe great good fine
        """),
        digits=any_word("zero oh one two three four five six seven eight nine double triple"),
    ),
)
