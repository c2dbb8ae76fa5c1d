"""French words that tie an utterance to what is around it."""

# ruff: noqa: E501 - a phrase reads better on one line

from __future__ import annotations

import re

from vasi.language.locales.turns import EndingWords, FollowUpWords, TurnWords, any_word, last_word, opening

TURNS = TurnWords(
    FollowUpWords(
        opening=opening(
            before="ok(?:ay)?|oui|bon|bien|alors|d'accord|merci|hm+|très bien|ah",
            words="(?:et|mais|ou) (?:qu'en est-il (?:de|des|du)?|pour ce qui est (?:de|des|du)?|concernant|à propos (?:de|des|du)?)|"
            "qu'en est-il (?:de|des|du)|et|mais|ou",
            attached="(?:et |mais )?qu'en est-il d['’]",
        ),
        asking=any_word("""
            coûte coûtent coûter temps longtemps heure heures jour jours date fois sorte genre type chose signifie veut
            dire passe marche fonctionne dure durer faut plaît sais savoir exactement loin grand vieux cher permis
            possible va vont environ vraiment donc trouve
        """),
        questions=any_word("""
            qui que qu quoi quand où quel quelle quels quelles lequel laquelle pourquoi comment combien est sont était a
            ont peut puis doit faut y
        """),
        prepositions=any_word(
            "pour dans en à au aux sur sous avec sans pendant de du des par chez avant après depuis contre entre partir"
        ),
        pronouns=any_word("il elle ils elles lui ça cela ceci celui celle ceux celles eux là son sa ses leur leurs"),
        impersonal=re.compile(
            r"\bfaut[- ]il\b|\bil faut\b|\by a[- ]t[- ]il\b|\bil y (?:a|avait|aura)\b|\bs['’]agit[- ]il\b|\best[- ]il"
            r" (?:possible|permis|interdit|nécessaire|vrai|obligatoire)\b|\bquelle heure est[- ]il\b"
        ),
        longest=12,
    ),
    EndingWords(
        open=last_word("""
            le la les l' l un une des du de d' d au aux à en dans sur sous pour par chez entre vers selon malgré et ou
            mais ni car que qu' qu lorsque puisque quoique afin dont mon ma mes ton ta tes sa ses notre votre nos vos
            leurs ce cet cette ces j' j ne n' n se s' me m' te t' euh heu hum hmm très parce
        """),
        # "c'est quand", "quelle heure est-il", "je suis contre"
        half_open=last_word("""
            je tu il elle on nous vous ils elles qui où quand comment combien pourquoi quel quelle quels quelles si comme
            avec sans contre depuis pendant après avant son leur est sont suis es a as ai ont avez avons sera était y
            plus aussi alors donc ben bah lui peux peut veux voudrais aimerais dois
        """),
        questions=any_word("""
            qui que qu quoi quand où quel quelle quels quelles lequel laquelle pourquoi comment combien est peux pouvez
            peut à
        """),
        whole=any_word("""
            oui ouais non si okay ok stop arrête arrêtez merci exactement voilà bonjour salut bonsoir revoir annuler
            continue continuez répète répétez encore aide suivant attends attendez jamais bien parfait super
        """),
        digits=any_word("zéro un deux trois quatre cinq six sept huit neuf double"),
    ),
)
