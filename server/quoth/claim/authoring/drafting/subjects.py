"""The subject of a clause, and the noun that a word begins, in a language whose verb stands second."""

from quoth.claim.authoring.drafting.clauses import Clauses, Part


def subject(clauses: Clauses, first: int, finite: int, end: int) -> Part | None:
    """The subject of a main clause: a pronoun beside its finite verb, else the noun before it or behind it."""
    if first < finite and clauses.has(finite - 1, "subjects") and not clauses.has(finite - 1, "fronted"):
        return finite - 1, finite
    before = (first, first + 1) if clauses.has(first, "subjects") else nouns(clauses, first, finite)
    if before and (before[1] > finite or (before[1] - first == 1 and clauses.has(first, "fronted"))):
        before = None
    after = _passed(clauses, finite + 1, end)
    if after < end and clauses.has(after, "sole" if before else "subjects"):
        return after, after + 1
    return before or nouns(clauses, after, end)


def subject_of_final(clauses: Clauses, first: int, verb: int) -> Part | None:
    """The subject of a clause with its verb at the end: what stands behind the word that begins it."""
    begin = _passed(clauses, first + 1, verb)
    if begin < verb and clauses.has(begin, "subjects"):
        return begin, begin + 1
    return nouns(clauses, begin, verb)


def antecedent(clauses: Clauses, first: int) -> Part:
    """The words that the pronoun of a relative clause stands for: the noun before it, else the pronoun."""
    begin = end = first - 1 if clauses.here.words[first - 1] == "," else first
    while begin > 0 and clauses.is_upper(begin - 1):
        begin -= 1
    if 0 < begin < end and _begins(clauses, begin - 1):
        begin -= 1
    return (begin, end) if begin < end else (first, first + 1)


def place(clauses: Clauses, first: int, end: int) -> Part | None:
    """The thing that says something by itself: “im Vertrag steht”, “in der Zeitung heißt es”."""
    at = next((i for i in range(first, end) if clauses.has(i, "places")), end)
    return nouns(clauses, at + 1, end) or nouns(clauses, at + 2, end)


def nouns(clauses: Clauses, first: int, end: int) -> Part | None:
    """A noun with what belongs to it, from a token on: “die Direktorin des Amtes und Mara Lind”."""
    if first >= end or not _begins(clauses, first):
        return None
    stop = first + 1
    while stop < end and _continues(clauses, stop, end):
        stop += 1
    return (first, stop) if any(clauses.is_upper(k) for k in range(first, stop)) else None


def _continues(clauses: Clauses, i: int, end: int) -> bool:
    tags = clauses.words.tags
    if clauses.is_upper(i) or clauses.has(i, "genitive"):
        return True
    if tags[i] == "CC":
        return i + 1 < end and _begins(clauses, i + 1)
    if tags[i - 1] == "CC" and clauses.has(i, "nominative"):
        return True
    return clauses.here.words[i - 1][0].islower() and not clauses.is_verb(i) and tags[i][0] in "-l"  # an adjective


def _begins(clauses: Clauses, i: int) -> bool:
    if clauses.has(i, "subjects") or clauses.has(i, "nominative"):
        return True
    if clauses.here.first[i]:  # capital, as all first words are
        return clauses.words.tags[i] in ("Uf", "UU") and not clauses.has(i, "adverbs")
    return clauses.is_upper(i)


def _passed(clauses: Clauses, i: int, end: int) -> int:
    while i < end and clauses.has(i, "passed"):
        i += 1
    return i
