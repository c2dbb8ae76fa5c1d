"""Spanish words that tie an utterance to what is around it."""

# ruff: noqa: E501 - a phrase reads better on one line

from __future__ import annotations

from vasi.language.locales.turns import EndingWords, FollowUpWords, TurnWords, any_word, last_word, opening

TURNS = TurnWords(
    FollowUpWords(
        opening=opening(
            before="ok(?:ay)?|sí|si|vale|bueno|bien|gracias|de acuerdo|entonces|hm+|ah",
            words="(?:(?:y|pero|o|e) )?qué (?:hay|pasa|tal) (?:de|del|con)|y|e|pero|o",
        ),
        # a verb of its own has its subject in what was said before: "¿cuándo abre?"
        asking=any_word("""
            cuesta cuestan vale valen tiempo hora horas día fecha veces tipo clase cosa significa pasa funciona
            funcionan dura duran tarda favor sé saber exactamente lejos grande viejo caro permitido posible debe deben
            va van abre abren cierra cierran empieza empiezan comienza termina terminan acaba sale llega queda caduca
            vence paga pagan llama hacen aproximadamente mismo
        """),
        questions=any_word("""
            qué que cuándo cuando dónde donde cuál cuáles quién quiénes cómo cuánto cuánta cuántos cuántas por es son
            está están hay puede pueden puedo se tiene tienen debo
        """),
        prepositions=any_word(
            "para por en a al con sin durante de del desde hasta sobre bajo según entre ante tras contra partir"
        ),
        pronouns=any_word("él ella ellos ellas eso esto aquello ello allí ahí le les su sus suyo suya"),
        determiners=any_word("este esta estos estas ese esa esos esas aquel aquella"),
    ),
    EndingWords(
        open=last_word("""
            el la los las un una unos unas de del al a en con sin por para sobre entre hasta desde hacia según durante
            mediante y e o u pero sino aunque porque que si cuando donde como mientras ni mi tu su mis tus sus nuestro
            nuestra nuestros nuestras cuyo cuya muy tan he ha has han hemos se eh em ehm mmm
        """),
        # "¿dónde está?", "¿qué hora es?"
        half_open=last_word("""
            es son está están era fue qué cuándo dónde cómo cuál cuánto cuántos quién yo tú él nosotros usted este esta
            ese esa estos estas lo le les me te nos más menos otro otra cada contra tras ante pues bueno entonces también
            puedo puede quiero quisiera tengo tiene
        """),
        questions=any_word("""
            qué que cuándo dónde cuál cuáles quién quiénes cómo cuánto cuánta cuántos cuántas cuando donde cual quien
            como cuanto hay puedo puedes puede es son está están
        """),
        whole=any_word("""
            sí si no vale okay ok para alto basta gracias claro exacto correcto hola adiós chao cancela cancelar continúa
            sigue repite repetir otra ayuda siguiente espera nunca quizás bien perfecto
        """),
        digits=any_word("cero uno una dos tres cuatro cinco seis siete ocho nueve doble"),
        shortest_question=3,
        shortest_statement=3,
    ),
)
