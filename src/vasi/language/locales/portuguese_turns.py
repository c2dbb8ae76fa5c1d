"""Portuguese words that tie an utterance to what is around it."""

# ruff: noqa: E501 - a phrase reads better on one line

from __future__ import annotations

from vasi.language.locales.turns import EndingWords, FollowUpWords, TurnWords, any_word, last_word, opening

TURNS = TurnWords(
    FollowUpWords(
        opening=opening(
            before="ok(?:ay)?|sim|bom|bem|tá|certo|obrigad[oa]|então|hm+|ah|tudo bem",
            words="(?:e|mas|ou) (?:quanto (?:a|ao|à|aos|às)|que tal|sobre)|quanto (?:ao|à|aos|às)|e|mas|ou",
        ),
        # a verb of its own has its subject in what was said before: "quando abre?"
        asking=any_word("""
            custa custam vale tempo hora horas dia data vezes tipo coisa significa acontece funciona funcionam dura duram
            demora favor sei saber exatamente longe grande velho caro permitido possível vai vão fica ficam abre abrem
            fecha fecham começa começam termina terminam acaba sai chega vence paga pagam chama fazem mais ou menos mesmo
            preciso precisa
        """),
        questions=any_word("""
            que quê quando onde qual quais quem porque porquê como quanto quanta quantos quantas é são está estão há tem
            têm pode podem posso o
        """),
        prepositions=any_word("""
            para pra por pelo pela em no na nos nas a ao aos à às com sem durante de do da dos das desde até sobre sob
            segundo entre partir
        """),
        pronouns=any_word("""
            ele ela eles elas isso isto aquilo disso disto nisso nisto lá ali dele dela deles delas nele nela neles nelas
            lhe lhes
        """),
        determiners=any_word("este esta estes estas esse essa esses essas aquele aquela deste desta desse dessa nesse"),
    ),
    EndingWords(
        open=last_word("""
            o a os as um uma uns umas de do da dos das em no na nos nas num numa ao aos à às por pelo pela pelos pelas
            para pra com sem sobre entre até desde durante e ou mas porém porque que se enquanto embora caso pois nem meu
            minha meus minhas seu sua seus suas teu tua nosso nossa nossos nossas cujo cuja muito tão hã hum hmm tipo
        """),
        # "onde é?", "fica onde?"
        half_open=last_word("""
            é são está estão era foi quê quando onde como qual quanto quantos quem eu tu ele nós você este esta esse essa
            estes estas esses essas lhe me te mais menos outro outra cada contra então também posso pode quero queria
            gostaria tenho tem vou ter
        """),
        questions=any_word("""
            que quê quando onde qual quais quem porque porquê como quanto quanta quantos quantas há tem posso pode podes é
            são está
        """),
        whole=any_word("""
            sim não ok okay pare para chega obrigado obrigada claro certo exato exatamente olá oi tchau adeus cancelar
            cancele continue repita repete ajuda próximo espera espere nunca talvez bom ótimo perfeito
        """),
        digits=any_word("zero um uma dois duas três quatro cinco seis meia sete oito nove duplo"),
        shortest_question=3,
        shortest_statement=3,
    ),
)
