"""Text similarity without downloads: TF-IDF over folded words and over character 4-grams.

Words carry the meaning, 4-grams carry inflection, compounds and the cognates of other languages. Each view
has its own cosine; the similarity is their mean. Rarity (idf) is measured on the documents alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from twinning.core.words import alike, grams_of, stem, surface, words

if TYPE_CHECKING:
    from scipy import sparse


def stems(text: str) -> list[str]:
    return [stem(word) for word in words(text)]


def grams(text: str) -> list[str]:
    return [gram for word in words(text) for gram in grams_of(word)]


@dataclass(frozen=True)
class View:
    """One bag of features: rows of unit length for queries and documents over one shared list of features."""

    tokens: tuple[str, ...]
    queries: sparse.csr_matrix
    documents: sparse.csr_matrix

    @classmethod
    def build(cls, split: Callable[[str], list[str]], queries: Sequence[str], documents: Sequence[str]) -> View:
        bags = [Counter(split(text)) for text in documents]
        asked = [Counter(split(text)) for text in queries]
        columns = {token: place for place, token in enumerate(sorted({t for bag in bags + asked for t in bag}))}
        spread = Counter(token for bag in bags for token in bag)
        rarity = np.array([np.log((1 + len(bags)) / (1 + spread[token])) + 1.0 for token in columns])
        return cls(tuple(columns), _unit_rows(asked, columns, rarity), _unit_rows(bags, columns, rarity))


def _unit_rows(bags: Sequence[Counter[str]], columns: dict[str, int], rarity: NDArray[np.float64]) -> sparse.csr_matrix:
    """One row per bag: (1 + ln tf) * idf, scaled to length one; an empty bag is a row of zeros."""
    from scipy import sparse

    starts: list[int] = [0]
    places: list[int] = []
    values: list[float] = []
    for bag in bags:
        tokens = sorted(bag)
        where = [columns[token] for token in tokens]
        row = (1.0 + np.log([bag[token] for token in tokens])) * rarity[where] if tokens else np.empty(0)
        length = float(np.sqrt((row * row).sum()))
        places.extend(where)
        values.extend((row / length).tolist() if length else [])
        starts.append(len(places))
    return sparse.csr_matrix((values, places, starts), shape=(len(bags), len(columns)))


class Similarity:
    """How near each query is to each document, and which words made it so."""

    def __init__(self, queries: Sequence[str], documents: Sequence[str]) -> None:
        self._queries, self._documents = tuple(queries), tuple(documents)
        self._views = (View.build(stems, queries, documents), View.build(grams, queries, documents))
        self._turned = tuple(view.documents.T.tocsr() for view in self._views)
        self._read: tuple[int, _Words] | None = None  # the document that was asked for last

    def rows(self, rows: slice) -> NDArray[np.float64]:
        """Cosines of some queries with all documents, 0..1, rounded so that the last bit cannot matter."""
        dense = sum(
            (view.queries[rows] @ turned).toarray() for view, turned in zip(self._views, self._turned, strict=True)
        )
        return np.clip(np.round(np.asarray(dense, dtype=np.float64) / len(self._views), 9), 0.0, 1.0)

    def evidence(self, query: int, document: int, limit: int = 5) -> tuple[tuple[str, str], ...]:
        """The pairs of words (asked, found) that carry the similarity, the strongest first, as people wrote them."""
        asked, (found, owners) = surface(self._queries[query]), self._words_of(document)
        share = [_shared_weights(view, query, document) for view in self._views]
        strength: dict[tuple[str, str], float] = defaultdict(float)
        for word in asked:
            for feature, view in [(stem(word), 0), *((gram, 1) for gram in set(grams_of(word)))]:
                if weight := share[view].get(feature):
                    for other in owners[view].get(feature, ()):
                        if alike(word, other):
                            strength[word, other] += weight
        return _best_pairs(strength, asked, found, limit)

    def _words_of(self, document: int) -> _Words:
        """Its words and who has which feature; read once while one document after the other is asked about."""
        read = self._read
        if read is None or read[0] != document:
            found = surface(self._documents[document])
            read = self._read = document, _Words(found, _owners(found))
        return read[1]


class _Words(NamedTuple):
    found: dict[str, str]
    owners: tuple[dict[str, list[str]], dict[str, list[str]]]


def _owners(found: Iterable[str]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    by_stem: dict[str, list[str]] = defaultdict(list)
    by_gram: dict[str, list[str]] = defaultdict(list)
    for word in found:
        by_stem[stem(word)].append(word)
        for gram in set(grams_of(word)):
            by_gram[gram].append(word)
    return by_stem, by_gram


def _shared_weights(view: View, query: int, document: int) -> dict[str, float]:
    (mine, own), (yours, other) = _row(view.queries, query), _row(view.documents, document)
    shared, here, there = np.intersect1d(mine, yours, assume_unique=True, return_indices=True)
    weights = (own[here] * other[there]).tolist()
    return {view.tokens[place]: weight for place, weight in zip(shared.tolist(), weights, strict=True)}


def _row(matrix: sparse.csr_matrix, row: int) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Places and values of one row."""
    inside = slice(matrix.indptr[row], matrix.indptr[row + 1])
    return matrix.indices[inside], matrix.data[inside]


def _best_pairs(
    strength: dict[tuple[str, str], float], asked: dict[str, str], found: dict[str, str], limit: int
) -> tuple[tuple[str, str], ...]:
    """Each word once; a pair that shares only a sliver (under a tenth of the best) is not evidence."""
    ranked = sorted(strength.items(), key=lambda item: (-round(item[1], 9), item[0]))
    best = ranked[0][1] if ranked else 0.0
    chosen: list[tuple[str, str]] = []
    used_asked: set[str] = set()
    used_found: set[str] = set()
    for (word, other), value in ranked:
        if value <= 0 or value < best / 10 or word in used_asked or other in used_found:
            continue
        used_asked.add(word)
        used_found.add(other)
        chosen.append((asked[word], found[other]))
        if len(chosen) == limit:
            break
    return tuple(chosen)


class Embedder(Protocol):
    """A text model that a project may bring. ``baseline`` is the cosine at which two texts have nothing to do with
    each other: models crowd their cosines in a high band.
    """

    baseline: float

    def embed(self, texts: list[str]) -> NDArray[np.float32]:
        """One row [n, d] per text; rows need not have length one."""
        ...


class Meaning:
    """How near each query is to each document by a text model, 0..1 above its baseline."""

    def __init__(self, queries: Sequence[str], documents: Sequence[str], embedder: Embedder) -> None:
        self._baseline = embedder.baseline
        self._queries, self._documents = _of_length_one(queries, embedder), _of_length_one(documents, embedder)

    def rows(self, rows: slice) -> NDArray[np.float64]:
        cosines = self._queries[rows] @ self._documents.T
        return np.clip(np.round((cosines - self._baseline) / (1.0 - self._baseline), 6), 0.0, 1.0)


def _of_length_one(texts: Sequence[str], embedder: Embedder) -> NDArray[np.float64]:
    vectors = np.asarray(embedder.embed(list(texts)), dtype=np.float64)
    if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
        raise ValueError(f"The text model must give one row of finite numbers for each of {len(texts)} texts.")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths == 0, 1.0, lengths), dtype=np.float64)
