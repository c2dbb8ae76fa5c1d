"""English letters to sounds: how a word that no dictionary has is probably spoken.

An ordered table of rules. At each place of the word the first rule of that letter whose pattern matches gives the
phones and how many letters they stand for. Good enough for names, brands and jargon; a dictionary is better where
there is one.
"""

from __future__ import annotations

import re
from functools import lru_cache

from vasi.language.folding import fold

_RULES = r"""
a$              AH
a(?=lls?$|ll[^aeiou]|l[kt])  AO
augh            AO
au|aw           AO
ai(?=r)|a(?=re$)|ay(?=or) EH
ai|ay           EY
a(?=ble)        AH
a(?=ge$|ges$|ce$|tely$)  IH
a(?=tion|cious|tious|te$|tes$|ted$|ting$|tor)  EY
(?<=w)a(?=r)    AO
(?<=[wu])a(?=[^aeiouy]) AA
a(?=rr)         EH
(?<=[aeiouy][^aeiouy])ar(?=$|s$|d$|ds$)  ER
a(?=r[aeiouy])  EH
a(?=r)          AA
a(?=l$|ls$|lly$|n$|ns$|nts?$|nces?$) AH
a(?=[bcdfgklmnpstvz](?:e$|es$|ed$|er$|ers$|ing$|y$)) EY
aa              AA
ae              IY
a               AE

bb?(?=t$)       -
(?<=m)b$        -
bb?             B

^co(?=[^aeioulmrnv][aeiou])  K OW
c(?=ia|io|ea|ie[^rsd])  SH
cch             K
chr             K R
(?<=s)ch(?=[oe])  K
^ch(?=ar[ai]|em|or|ao)  K
ch              CH
ck              K
cc(?=[eiy])     K S
(?<=s)c(?=[eiy])  -
c(?=[eiy])      S
cqu?            K W
cc?             K

dge?(?=$|[aou]) JH
dg              JH
dd?             D

eigh            EY
eau             OW
ear(?=[nlt])    ER
ear             IH R
ee(?=r)         IH
ee              IY
ea(?=d$|lth|th|sur|ther) EH
ea              IY
ei(?=[nlr])     EY
ei              IY
^eu             Y UW
eu|ew           UW
ey$             IY
ey              EY
e(?=re$)        IH
er(?=$|s$|[^aeiouyr]) ER
(?<=[aeiouy][^aeiouy])er(?=[aeiouy])  ER
err(?=ed|ing)   ER
e(?=o|u[mr])    IY
e(?=r[aeiou])   EH
(?<=[aeiouy][lr])e(?=s$|d$|$) -
(?<=t)ed$       IH D
(?<=d)ed$       IH D
(?:(?<=[pkfsx])|(?<=[cs]h))ed$ T
(?<=[aeiouy][^aeiouy])ed$ D
(?<=[aeiouy][^aeiouy][^aeiouy])ed$ D
(?<=ay)ed$      D
(?:(?<=[sxzcg])|(?<=[cs]h))es$ IH Z
(?<=[aeiouy].)es$  Z
(?<=[aeiouy].)e$ -
^e(?=[^aeiou][^aeiou]?$) EH
(?<=^[^aeiouy])e$ IY
(?<=^[^aeiouy][^aeiouy])e$ IY
e$              -
(?<=[aeiouy].)e(?=ly$|ment|ful|ness|less) -
(?<=^[bdpr])e(?=[^aeiouy][aeiouylr]) IH
e(?=n$|ns$|l$|ls$|nt$|nts$|nce$|m$) AH
e               EH

ff?             F

(?<=[aeiouy])gh(?=t|$) -
gh              G
gn$             N
^gn             N
gg(?=[eiy])     G
gu(?=[eiy])     G
ge(?=[aou])     JH
(?<=^)g(?=i[vfl]|et|ear)  G
g(?=in$|inn)    G
g(?=[eiy])      JH
gg?             G

^h(?=onou?r|our|eir) -
(?<=[aeiouy])h(?=$|[^aeiouy]) -
h               HH

igh             AY
ign(?=$|s$|ed$) AY N
ie(?=$|s$|d$)   IY
(?<=^[^aeiouy])ie AY
ie(?=[lvfc])    IY
ie(?=r|nt|nce)  IY AH
(?<=[cstxg])io(?=us|n)  AH
io(?=n)         Y AH
(?<=[cst])ia    AH
ir(?=e)         AY ER
ir(?=$|[^aeiou]) ER
i(?=[bcdfgklmnpstvz](?:e$|es$|ed$|er$|ers$|ing$)) AY
i(?=nd$|nds$|ld$|gh) AY
i(?=[ao])       IY
i$              IY
^isl            AY L
^i(?=[dtv]e|ce) AY
i               IH

j               JH
^kn             N
kk?             K

(?<=a)l(?=[km]) -
(?<=ou)l(?=d)   -
(?<=[^aeiouyrlw])le$  AH L
(?<=[^aeiouyrlw])les$ AH L Z
ll?             L

^mn             N
mm?             M

nn?(?=[kxq])    NG
n(?=c[^eihy])   NG
(?<=i)ng(?=d|t) NG
ng(?=$|s|ed$|ing$|ly|th) NG
ng(?=[eiy])     N JH
ng              NG G
nn?             N

oar             AO R
oa              OW
oeu?            OW
ought           AO T
ough$           OW
ough            AH F
ook             UH K
oor             AO R
oo              UW
oi|oy           OY
our(?=$|s$|ed$|ing$)  ER
our             AO R
ou(?=s$|sly)    AH
ou              AW
ow(?=$|s$|n$|er$|ing$|ed$)  OW
ow              AW
(?<=w)or        ER
or(?=$|s$)      ER
or              AO R
o(?=ld|st$|ll$) OW
o(?=[bcdfgklmnpstvz](?:e$|es$|ed$|er$|ers$|ing$)) OW
(?<=[tsc]i)on   AH N
on$             AH N
o$              OW
o(?=us)         AH
o(?=[bcdglmnptv][aeiou]) AA
om(?=e)         AH M
o               AA

ph              F
^p(?=[sn])      -
pp?             P

que$            K
qu              K W
q               K

^wr             R
rh              R
rr?             R

(?<=s)s         -
s(?=sion)       -
sc(?=[eiy])     S
sch             S K
sh              SH
s(?=ion|ure|ua) ZH
ss(?=ion|ure)   SH
(?<=[aeiou])s(?=[aeiou]|m$)  Z
(?<=[aeioubdglmnrvwy])s$ Z
ss?             S
s               S

tch             CH
t(?=ion|ial|ious|ient)   SH
th(?=e[rmns]|at|is|ose|ese|us|ough|ing$) DH
th              TH
t(?=ure|ury|ua) CH
t(?=mas$)       -
tt?             T

urr?(?=$|[^y]) ER
u(?=re$)        Y UH
(?<=q)u         W
(?<=g)u(?=[aeio]) W
^un(?=i[otvfqcs])  Y UW N
^u(?=[^aeioupnm][aeiou]) Y UW
(?<=[bcfhmpv])u(?=[^aeiouyr][aeiouy]) Y UW
(?<=[tdnslrj])u(?=[^aeiouyr][aeiouy]) UW
u(?=e)|ui       UW
u$              UW
u(?=ll|sh)      UH
u               AH

v               V
wh(?=o$|ole|ose|om)  HH
wh?(?=[aeiouy]) W
w               -
^x              Z
x               K S

^y(?=[aeiou])   Y
y(?=[aeiou])    Y
(?<=^[^aeiouy])y$ AY
(?<=^[^aeiouy][^aeiouy])y$ AY
(?<=f)y$        AY
y(?=[cpt])      IH
(?<=[aeo])y     -
y$              IY
y(?=[bdfgklmnpstvz]e) AY
y               IH

zz?             Z
"""

_RULE = re.compile("|".join(f"({line.split()[0]})" for line in _RULES.splitlines() if line))
_PHONES = [tuple(phone for phone in line.split()[1:] if phone != "-") for line in _RULES.splitlines() if line]


@lru_cache(maxsize=20_000)
def sound_out(word: str) -> tuple[str, ...]:
    """ARPABET phones (without stress) of a lower-case ``word``; letters that no rule knows are silent."""
    letters = fold(word.replace("é", "ay")).replace("'", "")
    phones: list[str] = []
    place = 0
    while place < len(letters):
        found = _RULE.match(letters, place)
        if found is None or found.lastindex is None:
            place += 1
            continue
        phones += _PHONES[found.lastindex - 1]
        place = found.end()
    return tuple(phones)
