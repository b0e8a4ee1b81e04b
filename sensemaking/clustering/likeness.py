"""How alike short remarks are: TF-IDF over stems of words and over character 4-grams, and the words that make it so.

Words carry the meaning, 4-grams carry inflection, compounds and the cognates of other languages. Each view has its own
cosine; the likeness is their mean. How rare a word is, is measured on the remarks themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from twinning.core.words import STOP_WORDS, alike, grams_of, stem, surface, words

# What people write in remarks of every kind, and little words of further languages: they say nothing of the matter.
FILLERS = STOP_WORDS | frozenset(
    """
    am any because been before being but could did do does done down even ever every few first get gets give go got had he
    her here him his if it just last less let like little made make makes many may me much must my need needs never next
    now off often only out over own people really same say says see she should so some something soon still such take
    takes tell them then there thing things time too under until up us very want was way well were when where whether
    while why without would yet you your city cities town towns
    aber alle als auch auf aus bei bis da dass dann doch durch er es fur gegen gibt haben hat ich ihr ist kann keine kein
    mehr muss mussen nach nicht noch nur ob sehr sein seit sich sie sind so uber um uns unser unsere vor wenn wer wie wir
    wird werden stadt stadte
    au aux avec ce ces cette comme elle est ete etre fait faut il ils je leur leurs lui mais meme mes ne nos notre nous on
    ont ou par pas plus que qui sa sans se ses si son sont tous tout tres vers vos vous ville villes
    al como cuando cual donde ella ellos era es esta este esto fue ha han hay hasta lo mas me mi muy nada ni no nos nuestra
    nuestro o pero porque que quien se sea ser si sin sobre son su sus tambien tiene todo ciudad ciudades
    ai alla alle anche che chi ci come cui dei del della delle di dove ed era fra ha hanno loro ma mi nei nella noi non
    o ogni pero piu quando questa questo se sempre si sono su sua suo tra tutti vi citta
    ale bardzo bo by byc co czy dla do gdy ich jak jako jest juz lub ma miasta miasto moze nie o od po pod przez sa sie tak
    te to tylko tym tych we za ze
    den det dar de du en ett for fran har inte jag kan man med men mer nar och om pa sa ska som stad till ut vad var vi
    at af den der det ej eller er et hvor ikke kommune kommunen med og som til vi
    aan al als dan dat deze die dit door een er geen het hij hoe ik in is je kan maar meer met naar niet nog nu of om ook op
    os te toch uit van veel voor want was wat we wel wij worden wordt zal ze zijn zo zonder gemeente stad
    ao com como da das do dos e ela ele em entre era essa esse foi ha isso ja mais mas muito na nao nas nem no nos num o os
    ou pela pelo por quando que quem se sem ser seu sua sao so tambem tem um uma cidade cidades""".split()
)
LIKE = 9  # digits that count: the last bit of a sum must not decide


@dataclass(frozen=True)
class Remark:
    """A remark under its own name. Names are unique among the remarks of one call."""

    key: str
    text: str


@dataclass(frozen=True)
class Kin:
    """Words of one kind that remarks share, as people wrote them, and in how many remarks one of them stands."""

    written: tuple[str, ...]
    remarks: int


def in_order(remarks: Iterable[Remark]) -> list[Remark]:
    """The remarks in an order of their own, so that the order in which they came changes nothing."""
    return sorted(remarks, key=lambda remark: (remark.text, remark.key))


def likenesses(texts: Sequence[str]) -> NDArray[np.float64]:
    """[n, n] likeness of each text with each, 0..1, symmetric. A text without a telling word is like none."""
    said = [words(text, FILLERS) for text in texts]
    views = (
        _cosines([[stem(word) for word in bag] for bag in said]),
        _cosines([[gram for word in bag for gram in grams_of(word)] for bag in said]),
    )
    return np.clip(np.round(sum(views, np.zeros((len(texts), len(texts)))) / len(views), LIKE), 0.0, 1.0)


def _cosines(bags: Sequence[Sequence[str]]) -> NDArray[np.float64]:
    """Cosines of bags of features by (1 + ln tf) * idf; an empty bag has no likeness even with itself."""
    from scipy import sparse

    counted = [Counter(bag) for bag in bags]
    spread = Counter(feature for bag in counted for feature in bag)
    columns = {feature: place for place, feature in enumerate(sorted(spread))}
    rows: list[int] = []
    places: list[int] = []
    values: list[float] = []
    for row, bag in enumerate(counted):
        weights = {
            feature: (1 + log(bag[feature])) * (1 + log((1 + len(bags)) / (1 + spread[feature])))
            for feature in sorted(bag)
        }
        length = sqrt(sum(weight * weight for weight in weights.values()))
        for feature, weight in weights.items():
            rows.append(row)
            places.append(columns[feature])
            values.append(weight / length)
    matrix = sparse.csr_matrix((values, (rows, places)), shape=(len(bags), max(len(columns), 1)))
    return np.asarray((matrix @ matrix.T).toarray(), dtype=np.float64)


def shared_words(
    texts: Sequence[str], *, most: int = 5, rarity: Callable[[str], float] = lambda _word: 1.0
) -> tuple[Kin, ...]:
    """Families of words that stand in at least two of these texts, the widest first. `rarity` of a folded word breaks ties."""
    written: dict[str, str] = {}
    where: dict[str, set[int]] = {}
    for place, text in enumerate(texts):
        for folded, word in surface(text, FILLERS).items():
            written.setdefault(folded, word)
            where.setdefault(folded, set()).add(place)
    families: list[list[str]] = []
    for word in sorted(where, key=lambda each: (-len(where[each]), each)):
        family = next((each for each in families if alike(word, each[0])), None)
        if family is None:
            families.append([word])
        else:
            family.append(word)
    ranked = []
    for family in families:
        places = set().union(*(where[word] for word in family))
        if len(places) > 1:
            rank = (-len(places) * round(max(rarity(word) for word in family), LIKE), family[0])
            ranked.append((rank, Kin(tuple(written[word] for word in family), len(places))))
    return tuple(kin for _rank, kin in sorted(ranked, key=lambda each: each[0])[:most])
