"""German words that tie an utterance to what is around it."""

# ruff: noqa: E501 - a phrase reads better on one line

from __future__ import annotations

import re

from vasi.language.locales.turns import EndingWords, FollowUpWords, TurnWords, any_word, last_word, opening

TURNS = TurnWords(
    FollowUpWords(
        opening=opening(
            before="ok(?:ay)?|ja|gut|also|so|hm+|aha|ach so|danke|na gut|alles klar",
            words="(?:(?:und|aber|oder) )?(?:was|wie) (?:ist|wäre|war|sieht es|steht es|sieht's|steht's) (?:mit|bei|um)|"
            "und|aber|oder|beziehungsweise",
        ),
        asking=any_word("""
            lange oft weit alt groß hoch teuer spät zeit uhr uhrzeit tag tage datum art sorte kostet kosten geht gehen
            heißt bedeutet passiert genau denn eigentlich sonst weiß weißt wissen sag sagen gilt gelten erlaubt verboten
            möglich funktioniert dauert darf dürfen macht machen braucht brauche brauchen steht stehen liegt findet pro
            finde ungefähr überhaupt
        """),
        questions=any_word("""
            was wann wo wohin woher wer wem wen wessen welche welcher welches welchen welchem warum wieso weshalb wie
            wieviel womit wofür wodurch ist sind war waren gibt kann kannst können darf dürfen muss müssen soll sollte
            hat haben habe wird werden geht gilt kostet
        """),
        prepositions=any_word("""
            für in im ins an am auf bei beim mit ohne während zu zum zur von vom nach unter über ab bis seit vor aus
            gegen pro
        """),
        pronouns=any_word("""
            er sie es ihn ihm ihr ihnen sein seine seinen seiner ihre ihren ihrer dort da dafür davon damit dabei darin
            darauf dazu daran darüber deren dessen
        """),
        determiners=any_word("das der die den dem dies diese dieser dieses diesen diesem jene jener"),
        impersonal=re.compile(
            r"\bgibt (?:es|'s)\b|\bes gibt\b|\bist es (?:erlaubt|möglich|verboten|nötig|wahr)\b|\bwie spät ist es\b"
            r"|\b(?:geht|handelt) es(?: sich)?\b(?= (?:in|um|bei))|\bwie geht es\b|\bsind sie\b|\b(?:haben|können) sie\b"
        ),
    ),
    EndingWords(
        # "ein", "an" and "vor" may belong to a verb, "das" may stand alone
        open=last_word("""
            der die dem den des eine einen einem einer eines mein meine meinen meinem meiner dein deine deinen deinem
            deiner unser unsere unseren unserem kein keine keinen keinem keiner jeden jedem und oder aber weil denn dass
            daß ob wenn falls obwohl bevor nachdem sobald solange sodass sondern sowie bzw beziehungsweise für ohne
            gegen von vom zum zur im ins am beim bei in seit während wegen trotz zwischen bis als äh ähm ähem öhm hm hmm
            also quasi sozusagen nämlich und\u00a0zwar
        """),
        half_open=last_word("""
            ein das dies diese dieser dieses diesen diesem ihr ihre ihren seine seinen seiner euer eure an auf aus ab
            vor zu mit nach um durch über unter hinter neben ich du er sie es wir man wie was wann wo warum welche
            welcher welches welchen sehr noch nur auch möchte würde will soll muss kann könnte hätte wäre ist sind war
            hat habe haben werde wird mehr etwas viele
        """),
        questions=any_word("""
            was wann wo wohin woher wer wem wen wessen welche welcher welches welchen welchem warum wieso weshalb wie
            wieviel womit wofür ist sind war gibt kann kannst können darf muss soll hat habt haben hast wird
        """),
        whole=any_word("""
            ja jawohl nein nee doch okay ok stopp stop halt danke genau richtig stimmt klar hallo hi tschüss bitte
            abbrechen weiter nochmal wiederholen hilfe warte niemals vielleicht gut super prima fertig
        """),
        digits=any_word("null eins zwei zwo drei vier fünf sechs sieben acht neun doppel"),
        shortest_question=4,
    ),
)
