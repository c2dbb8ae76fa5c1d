"""What the columns of tables are called: words that ask for a column, and those that stand above it."""

# ruff: noqa: E501 - a list of phrases reads better on one line

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from vasi.language.terms import stem

Concept: TypeAlias = Literal[
    "price", "pay", "spending", "begin", "end", "born", "age", "size", "length", "height", "width", "depth", "weight",
    "duration", "distance", "speed", "power", "temperature", "grade", "count", "stock", "time", "place", "person",
    "name", "phone", "email",
]  # fmt: skip
"""What a column holds."""

_HEADINGS: Mapping[Concept, str] = {
    "price": "price prices cost costs fee fees rate rates rent fare charge amount tariff value preis preise kosten"
    " gebühr betrag miete tarif beitrag kostet precio precios coste costo importe tarifa prix coût montant prezzo costo"
    " importo tariffa preço custo valor prijs bedrag tarief",
    "pay": "salary salaries wage wages pay income earnings gehalt lohn verdienst einkommen salario sueldo salaire"
    " stipendio salário loon salaris",
    "spending": "amount cost costs sum total price paid spent spending expense expenses expenditure betrag kosten summe"
    " ausgabe ausgaben importe gasto gastos coste monto montant dépense dépenses coût importo spesa spese valor despesa"
    " despesas bedrag",
    "begin": "joined join since start started starts begin began begins hired opened opens founded built from departs"
    " departure entry beginn eintritt seit start anfang inicio ingreso desde début entrée depuis inizio início desde"
    " begin available",
    "end": "end ended ends until finish finished expires expiry left due deadline closes arrival ende bis frist"
    " fällig fin vence hasta échéance fine scadenza fim prazo einde",
    "born": "born birth birthday birthdate geburtstag geboren geburtsdatum nacimiento naissance nascita nascimento",
    "age": "age alter edad âge età idade leeftijd",
    "size": "size area capacity volume größe fläche tamaño superficie taille surface dimensione tamanho área grootte"
    " inhabitants population residents einwohner habitantes habitants members",
    "length": "length länge longitud longueur lunghezza comprimento lengte distance",
    "height": "height elevation altitude höhe altura hauteur altezza hoogte level summit",
    "width": "width breite ancho largeur larghezza largura breedte",
    "depth": "depth tiefe profundidad profondeur profondità profundidade diepte",
    "weight": "weight gewicht peso poids mass",
    "duration": "duration time length hours days minutes dauer zeit duración durée durata duração duur",
    "distance": "distance way kilometres miles entfernung strecke distancia distanza distância afstand",
    "speed": "speed geschwindigkeit velocidad vitesse velocità velocidade snelheid",
    "power": "power strength leistung potencia puissance potenza potência vermogen",
    "temperature": "temperature temperatur temperatura température",
    "grade": "score rating grade points result mark note punkte bewertung nota puntuación note voto pontuação",
    "count": "quantity number count amount pieces units anzahl menge stück cantidad quantité quantità quantidade aantal",
    "stock": "stock inventory availability available quantity lager bestand vorrat verfügbar lagerbestand existencias"
    " disponible disponibilidad stock disponibilité giacenza disponibilità disponível estoque voorraad",
    "time": "date day time when year month datum tag zeit jahr uhrzeit termin fecha día hora año date jour heure année"
    " data giorno ora anno dia hora ano datum tijd jaar",
    "place": "place location city town country address room building site where floor region district ort stadt land"
    " adresse raum lugar ciudad país dirección lieu ville pays adresse luogo città paese indirizzo local cidade país"
    " plaats stad",
    "person": "name person who owner contact author manager responsible leader head employee member staff lead led"
    " customer client teacher player participant guest tenant first last surname tutor supervisor keeper driver"
    " leitung verantwortlich mitarbeiter mitglied ansprechpartner leiter nombre responsable empleado nom responsable"
    " employé nome responsabile dipendente responsável funcionário naam",
    "name": "name title item article product description designation bezeichnung titel artikel produkt nombre título"
    " artículo producto nom titre article produit nome titolo articolo prodotto título produto naam",
    "phone": "phone telephone mobile tel telefon handy teléfono téléphone telefono telefone telefoon",
    "email": "email mail e-mail",
}  # fmt: skip
_ASKED: Mapping[Concept, str] = {
    "price": "cost costs price priced expensive pay paid charge charged kosten kostet teuer billig preis cuesta cuestan"
    " vale coûte coûtent costa costano custa custam kost",
    "pay": "earn earns earned salary wage wages paid pay income verdient verdienen verdiene gehalt gana ganan gagne"
    " gagnent guadagna guadagnano ganha ganham verdient",
    "spending": "spend spent spending pay paid cost costs expenses expense charged debited withdrawn transferred ausgegeben"
    " abgebucht überwiesen eingezahlt bezahlt ausgaben gastamos gastado"
    " gasto gastos dépensé dépenses speso spese gastámos gasto gastos uitgegeven",
    "begin": "join joined start started starts begin began begins open opened hired founded since enter entered leave"
    " leaves depart departs available employed eingetreten begonnen begann begannen beginnt beginnen angefangen gestartet"
    " empezó empezaron comenzó entró entraron commencé entré entrés commence iniziato entrato cominciato começou entrou"
    " begon begonnen",
    "end": "end ended ends finish finished finishes expire expires due leave left arrive arrives endet enden läuft"
    " termina terminó vence finit expire scade termina acaba eindigt",
    "born": "born birthday old older young younger geboren nació nacieron né née nato nata nasceu",
    "age": "age old older young younger alt alter edad âge età idade oud",
    "size": "large larger big bigger small smaller size area hold holds groß klein grande petit grande piccolo pequeno",
    "length": "long longer short shorter length lang kurz largo long lungo longo",
    "height": "high higher tall taller low lower height hoch niedrig alto haut alto alto hoog",
    "width": "wide wider narrow width breit",
    "depth": "deep deeper depth tief profundo profond",
    "weight": "weigh weighs heavy heavier light lighter weight wiegt schwer pesa pesan pèse pesano",
    "duration": "last lasts take takes long longer short shorter dauert dauern dura duran dure durano duram duurt",
    "distance": "far near distance weit",
    "speed": "fast faster slow slower speed schnell",
    "power": "strong stronger powerful",
    "temperature": "hot hotter cold colder warm temperature",
    "grade": "good better bad score scored result",
    "stock": "stock available availability lager vorrätig verfügbar stock disponible disponibile disponível voorraad",
    "count": "quantity pieces many",
    "phone": "phone telephone number call telefonnummer telefon teléfono téléphone telefono telefone",
    "email": "email mail",
    "person": "lead leads led manage manages responsible owns own leitet leiten verantwortlich dirige diriger dirigent",
    "name": "called",
}  # fmt: skip


def _by_word(words_of: Mapping[Concept, str]) -> Mapping[str, frozenset[Concept]]:
    found: dict[str, set[Concept]] = {}
    for concept, named in words_of.items():
        for word in named.split():
            found.setdefault(word, set()).add(concept)
            found.setdefault(stem(word), set()).add(concept)
    return {word: frozenset(concepts) for word, concepts in found.items()}


_OF_HEADING, _OF_QUESTION = _by_word(_HEADINGS), _by_word(_ASKED)
_COMMON = ("price", "pay", "spending", "begin", "born", "age", "size", "duration", "weight", "length", "height")


def held_by(heading_words: list[str]) -> frozenset[Concept]:
    """What a column with these words above it may hold."""
    return frozenset[Concept]().union(*(_OF_HEADING.get(word, ()) for word in heading_words))


def asked_by(word: str) -> frozenset[Concept]:
    """What ``word`` of a question asks for, in the name of a column or in another way: "earns" for a salary."""
    return _OF_QUESTION.get(word, frozenset()) | _OF_QUESTION.get(stem(word), frozenset())


def headings_of(concepts: frozenset[Concept]) -> list[str]:
    """English words that stand above columns which hold one of ``concepts``: what to search for."""
    return list(
        dict.fromkeys(word for concept in concepts if concept in _COMMON for word in _HEADINGS[concept].split()[:6])
    )
