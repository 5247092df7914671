"""The table of mistakes that people make in SPARQL, and the words that it has.

The patterns are matched against a text of the same length in which strings, IRIs and comments are blank, so that none
is found within these; those of ``PATTERN`` see nothing within parentheses either, where a sign is an operator. The
place of a mistake is that of the group ``at``, or else the beginning.
"""

import re
from collections.abc import Iterator

from quoth.sparql.query_limits import LARGE_QUERY_CHARS
from quoth.sparql.tokens import TOKENS

PREFIXES = {
    "bibo": "http://purl.org/ontology/bibo/",
    "dbo": "http://dbpedia.org/ontology/",
    "dbr": "http://dbpedia.org/resource/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "geosparql": "http://www.opengis.net/ont/geosparql#",
    "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "np": "http://www.nanopub.org/nschema#",
    "time": "http://www.w3.org/2006/time#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
}
"""Prefixes of common use, beside those of this data (prefix.cc)."""

_KEYWORDS = """
    A TRUE FALSE BASE PREFIX VERSION SELECT DISTINCT REDUCED AS CONSTRUCT WHERE DESCRIBE ASK FROM NAMED GROUP BY
    HAVING ORDER ASC DESC LIMIT OFFSET VALUES UNDEF OPTIONAL GRAPH SERVICE SILENT BIND MINUS UNION FILTER IN NOT
    EXISTS LATERAL COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT SEPARATOR STR LANG LANGDIR LANGMATCHES DATATYPE BOUND
    IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS
    STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ NOW UUID STRUUID MD5 SHA1 SHA256 SHA384
    SHA512 COALESCE IF STRLANG STRLANGDIR STRDT SAMETERM ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC HASLANG HASLANGDIR
    REGEX SUBSTR REPLACE TRIPLE SUBJECT PREDICATE OBJECT ISTRIPLE ADJUST
"""
WORDS = frozenset(_KEYWORDS.split())
"""The keywords and functions of SPARQL 1.1 and 1.2 (grammar, §19.8), and the engine's own, in upper case."""

_TERM = r"(?:[?$]\w+|<_*>|[\w-]*:[\w-]*|\"[_]*\"(?:@[\w-]+|\^\^\S+)?|_:\w+|[+-]?\d[\d.]*\b|true\b|false\b)"
_PATH = rf"(?:a\b|{_TERM}[*+?]?(?:[/|]\^?{_TERM}[*+?]?)*)"

ANYWHERE = (
    (r"@(?:prefix|base)\b", "@prefix is Turtle", "write PREFIX x: <…>, without @ and without a dot at the end"),
    (r"\bPREFIX\s+(?P<at>\w[\w.-]*)\s*<", "the prefix has no colon", "write PREFIX x: <…>"),
    (
        r"\b(?:PREFIX\s+[\w.-]*:|BASE)\s*<_*>\s*(?P<at>\.)",
        "a declaration does not end with a dot in SPARQL",
        "delete the dot",
    ),
    (r"\bSELECT\b[^{(]*(?P<at>,)", "commas do not separate the variables of SELECT", "write spaces between them"),
    (
        r"\bSELECT\s(?:[^{(]*[^{(?$\w])?(?!DISTINCT|REDUCED|WHERE)(?P<at>\w+)\s*\(",
        "an expression in SELECT needs parentheses and a name",
        "write (COUNT(?x) AS ?n)",
    ),
    (
        r"\bSELECT\b(?:(?!\bAS\b)[^{()])*(?P<at>\()(?:(?!\bAS\b)[^{])*\)\s*(?:\{|WHERE|FROM)",
        "an expression in SELECT needs a name",
        "write (SUM(?x) AS ?sum)",
    ),
    (r"==", "equality is one sign in SPARQL", "write ="),
    (r"<>", "unequal is != in SPARQL", "write !="),
    (r"(?<![?$\w:-])AND(?![\w:-])", "AND is && in SPARQL", "write &&"),
    (r"(?<![?$\w:-])OR(?![\w:-])", "OR is || in SPARQL, and UNION between patterns", "write || or UNION"),
    (r"(?<![?$\w:-])LIKE(?![\w:-])", "SPARQL has no LIKE", 'write CONTAINS(?x, "…") or REGEX(?x, "…")'),
    (r"(?<![?$\w:-])NULL(?![\w:-])", "SPARQL has no NULL", "write BOUND(?x) or !BOUND(?x)"),
    (r"//", "a path has single slashes", "write one /; a comment begins with #"),
    (r"\b(?:FILTER|HAVING)\s*+(?=[?$\"\d!])", "a condition needs parentheses", "write FILTER(…) or HAVING(…)"),
    (r"\b(?:DESC|ASC)\s*+(?=[?$])", "DESC and ASC need parentheses", "write DESC(?x)"),
    (r"(?<![?$\w:-])(?:ORDER|GROUP)(?![\w:-])(?!\s+BY\b)", "ORDER and GROUP are followed by BY", "write ORDER BY ?x"),
    (r"(?<![?$\w:-])(?:LIMIT|OFFSET)(?![\w:-])\s*+(?!\d)", "LIMIT and OFFSET take a whole number", "write LIMIT 100"),
    (r"\bVALUES\b[^{]*\{[^}]*(?P<at>,)", "commas do not separate values", "write spaces between them"),
    (
        r"\bCOUNT\s*\([^(),]*(?P<at>,)",
        "COUNT takes one expression",
        "count DISTINCT CONCAT(STR(?a), STR(?b)), or a subquery's rows",
    ),
    (r"@[A-Za-z]+_\w*", "a language tag has hyphens", "write @en-GB"),
    (r",\s*(?=[.}\])])", "nothing follows the comma", "delete it"),
    (r"\.\s*(?P<at>\.)", "there are two dots", "delete one"),
)

PATTERN = (
    (
        r"[?$]\w+[*+](?=\s)|[?$]\w+\s*[/|]",
        "a path is made of IRIs, not variables",
        "write the IRI, or use a plain ?p",
    ),
    (r"[>\w]\{\d+(?:,\d*)?\}", "SPARQL 1.1 paths have no {n,m}", "write p/p for two steps, p? for an optional one"),
    (r"[?$]\w+-\w+", "the name of a variable has no hyphen", "write ?first_name"),
    (
        rf"(?:[{{.}}]\s*+{_TERM}\s+|;\s*+){_PATH}\s+{_TERM}\s+(?P<at>{_TERM})",
        "a dot is missing before this",
        "end each statement with a dot",
    ),
)

_TABLES = [
    [(re.compile(pattern, re.IGNORECASE), detail, remedy) for pattern, detail, remedy in table]
    for table in (ANYWHERE, PATTERN)
]


def find(text: str) -> Iterator[tuple[int, str, str]]:
    """The mistakes of the tables in a text: the offset (code points), what is wrong, and what to do. Longer texts are
    not searched, which could take time in the square of their length."""
    if len(text) > LARGE_QUERY_CHARS:
        return
    masked = outside = _masked(text)
    count = 1
    while count:
        outside, count = re.subn(r"\([^()]*\)", lambda m: " " * len(m[0]), outside)
    for view, table in zip((masked, outside), _TABLES, strict=True):
        for pattern, detail, remedy in table:
            if match := pattern.search(view):
                yield match.start("at" if "at" in pattern.groupindex else 0), detail, remedy


def _masked(text: str) -> str:
    """The text with blanks for comments, and underscores for the inside of strings and IRIs."""
    parts = []
    for match in TOKENS.finditer(text):
        piece = match[0]
        match match.lastgroup:
            case "string":
                piece = f'"{"_" * (len(piece) - 2)}"'
            case "iri":
                piece = f"<{'_' * (len(piece) - 2)}>"
            case "gap":
                piece = re.sub(r"#[^\r\n]*", lambda m: " " * len(m[0]), piece)
        parts.append(piece)
    return "".join(parts)
