"""The terms that the code uses, as closed namespaces, their prefixes, and the words for members of classes."""

import re
from collections.abc import Collection

import pyoxigraph as ox

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
"""An RDF term (RDF 1.2 Concepts, section 3)."""

QuadTerm = Term | ox.DefaultGraph
"""A subject, an object or the name of a graph."""


class Namespace:
    """IRIs of one namespace as attributes (``OA.exact``); a term that is not listed raises AttributeError.

    A trailing underscore escapes a Python keyword (``QUOTH.within``, ``PROV.from_``).
    """

    def __init__(self, iri: str, terms: str) -> None:
        self.iri = iri
        self.terms = frozenset(terms.split())

    def __getattr__(self, name: str) -> ox.NamedNode:
        term = name.rstrip("_")
        if term not in self.terms:
            raise AttributeError(f"no term {term} is listed for <{self.iri}>")
        node = ox.NamedNode(self.iri + term)
        self.__dict__[name] = node  # the next look-up, and there is one for every quad, does not come here
        return node


_LOCAL = re.compile(r"[\w-]+")
ONTOLOGY_IRI = "https://w3id.org/quoth/ns"
CONTEXT_IRI = "https://w3id.org/quoth/context.jsonld"

QUOTH = Namespace(
    f"{ONTOLOGY_IRI}#",
    """Claim Content Encoding Enrichment Judgement Attribution Source AnonymousSource Situation TimeExpression
    Withdrawal withdraws Correction correction Alternatives Topic accepted rule digest
    SpeechAct Certainty Polarity Realis Tense Stance Scope Voice Coding InformationStatus Degree EventType
    content attribution anchor certainty polarity realis tense informationStatus coding creditedTo depth voice
    otherAttribution possiblyCreditedTo
    Mention mention refersTo understood understoodEntity mentionedIn
    source within speechAct stance scope cue addressee act describedIn warrant textLength earlierText partOf restsOn
    reprints encoding countedEncoding
    party agent affected receiver recipient mediator instrument terms condition purpose cause quantity attribute
    counterparty authority onBehalfOf origin destination inReturnFor after comparedWith degree quality kind
    unstated candidate enacts sameReferent
    concerns corroborates contradicts inTensionWith presupposes earliest latest""",
)
SPEECH_ACT = Namespace(
    f"{ONTOLOGY_IRI}/speech-act#",
    """said stated reported confirmed denied accused claimedResponsibility admitted revealed announced assessed
    forecast warned threatened promised offered proposed suggested advised urged requested demanded ordered
    permitted forbade asked accepted agreed refused argued insisted explained supported opposed intended hoped
    feared doubted praised criticised apologised corrected retracted ruled testified recorded declinedToComment
    didNotRespond couldNotBeReached""",
)
CERTAINTY = Namespace(f"{ONTOLOGY_IRI}/certainty#", "certain probable possible unknown")
POLARITY = Namespace(f"{ONTOLOGY_IRI}/polarity#", "positive negative")
REALIS = Namespace(f"{ONTOLOGY_IRI}/realis#", "actual habitual intended proposed predicted conditional")
TENSE = Namespace(f"{ONTOLOGY_IRI}/tense#", "past sincePast present future")
STANCE = Namespace(f"{ONTOLOGY_IRI}/stance#", "endorses neutral distances")
SCOPE = Namespace(f"{ONTOLOGY_IRI}/scope#", "explicit inherited ambiguous")
LINK_STATUS = Namespace(f"{ONTOLOGY_IRI}/link-status#", "kept redirected merged gone relabelled retyped reused")
VOICE = Namespace(f"{ONTOLOGY_IRI}/voice#", "own reported unclear")
CODING = Namespace(f"{ONTOLOGY_IRI}/coding#", "inWords withContent")
ENCODING_STATUS = Namespace(f"{ONTOLOGY_IRI}/encoding-status#", "proposed reviewed")
INFORMATION_STATUS = Namespace(f"{ONTOLOGY_IRI}/information-status#", "atIssue presupposed implicated aside")
KIND = Namespace(f"{ONTOLOGY_IRI}/kind#", "office person body place happening thing")
QUALITY = Namespace(
    f"{ONTOLOGY_IRI}/quality#",
    "strength size importance danger legality morality worth novelty closeness health wealth success",
)
DEGREE = Namespace(f"{ONTOLOGY_IRI}/degree#", "most more equal similar less least high low excessive sufficient")

RDF = Namespace(
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "type value subject predicate object Statement Property langString",
)
RDFS = Namespace(
    "http://www.w3.org/2000/01/rdf-schema#",
    "Class label comment seeAlso isDefinedBy subClassOf subPropertyOf domain range",
)
DCTERMS = Namespace(
    "http://purl.org/dc/terms/",
    """title source description license created date creator identifier isReplacedBy isVersionOf isPartOf issued
    modified hasVersion""",
)
FOAF = Namespace("http://xmlns.com/foaf/0.1/", "Document Person primaryTopic")
ADMS = Namespace("http://www.w3.org/ns/adms#", "status")
OWL = Namespace(
    "http://www.w3.org/2002/07/owl#",
    """Class ObjectProperty DatatypeProperty SymmetricProperty versionIRI versionInfo deprecated
    annotatedSource annotatedProperty annotatedTarget""",
)
XSD = Namespace(
    "http://www.w3.org/2001/XMLSchema#",
    "integer nonNegativeInteger string date dateTime boolean decimal hexBinary anyURI",
)
SKOS = Namespace(
    "http://www.w3.org/2004/02/skos/core#",
    """Concept ConceptScheme prefLabel altLabel hiddenLabel scopeNote definition example inScheme broader
    exactMatch closeMatch broadMatch narrowMatch relatedMatch changeNote""",
)
OA = Namespace(
    "http://www.w3.org/ns/oa#",
    """SpecificResource TextQuoteSelector TextPositionSelector hasSource hasSelector exact prefix suffix
    start end""",
)
ORG = Namespace("http://www.w3.org/ns/org#", "Membership Organization hasMembership organization")
PROV = Namespace(
    "http://www.w3.org/ns/prov#",
    """Entity Agent Bundle Collection wasQuotedFrom wasAttributedTo wasDerivedFrom hadPrimarySource hadMember
    specializationOf wasRevisionOf generatedAtTime invalidatedAtTime""",
)
SCHEMA = Namespace(
    "https://schema.org/",
    """Article NewsArticle TextObject encoding encodingFormat sha256 inLanguage about Place Country City
    AdministrativeArea CivicStructure containedInPlace identifier PropertyValue propertyID value
    headline author publisher datePublished url archivedAt articleSection latitude longitude lastReviewed reviewedBy
    version roleName startDate endDate CreativeWork isBasedOn description target""",
)
GEO = Namespace("http://www.w3.org/2003/01/geo/wgs84_pos#", "lat long")
SSSOM = Namespace(
    "https://w3id.org/sssom/",
    """Mapping MappingSet NegatedPredicate NoTermFound subject_label object_label object_source object_source_version
    object_category predicate_modifier mapping_justification confidence reviewer_id review_date""",
)
VOID = Namespace(
    "http://rdfs.org/ns/void#", "Dataset Linkset inDataset objectsTarget property propertyPartition triples uriSpace"
)
SEM = Namespace("http://semanticweb.cs.vu.nl/2009/11/sem/", "Event eventType hasPlace hasTime")
SH = Namespace(
    "http://www.w3.org/ns/shacl#",
    """ValidationReport ValidationResult conforms result focusNode resultMessage resultPath resultSeverity
    sourceConstraintComponent sourceShape value Violation Warning Info
    NodeShape targetClass targetSubjectsOf targetObjectsOf closed message property sparql path
    SPARQLExecutable SPARQLSelectExecutable SPARQLAskExecutable SPARQLConstructExecutable select ask construct
    prefixes declare prefix namespace""",
)

NAMESPACES = tuple(value for value in globals().values() if isinstance(value, Namespace))

LINKING = frozenset({SKOS.exactMatch, SKOS.closeMatch, SKOS.relatedMatch, SCHEMA.identifier})
"""The properties by which a linkset links an entity, which another document describes."""

_SCHEMES = (
    *("speech-act", "certainty", "polarity", "realis", "tense", "stance", "scope", "voice", "link-status"),
    *("coding", "encoding-status", "information-status", "degree", "kind", "quality"),
)
PREFIXES: dict[str, str] = {
    "adms": ADMS.iri,
    "dcterms": DCTERMS.iri,
    "fn": "http://premon.fbk.eu/resource/fn17-",
    "foaf": FOAF.iri,
    "geo": GEO.iri,
    "oa": OA.iri,
    "org": "http://www.w3.org/ns/org#",
    "owl": OWL.iri,
    "prov": PROV.iri,
    "quoth": QUOTH.iri,
    "rdf": RDF.iri,
    "rdfs": RDFS.iri,
    "schema": SCHEMA.iri,
    "sem": SEM.iri,
    "semapv": "https://w3id.org/semapv/vocab/",
    "sh": SH.iri,
    "skos": SKOS.iri,
    "sssom": SSSOM.iri,
    "void": VOID.iri,
    "xsd": XSD.iri,
    **{scheme: f"{ONTOLOGY_IRI}/{scheme}#" for scheme in (*_SCHEMES, "event-type", "rule")},
}

KINDS = {
    "http://www.w3.org/ns/org#Organization": "organisation",
    "http://xmlns.com/foaf/0.1/Person": "person",
    "http://xmlns.com/foaf/0.1/Group": "group",
    "http://xmlns.com/foaf/0.1/Agent": "agent",
    "http://xmlns.com/foaf/0.1/Document": "document",
    "https://schema.org/Place": "place",
    "https://schema.org/Country": "country",
    "https://schema.org/City": "city",
    "https://schema.org/AdministrativeArea": "region",
    "https://schema.org/CivicStructure": "building",
    "https://schema.org/Thing": "thing",
    "https://w3id.org/quoth/ns#Topic": "topic",
    "https://schema.org/NewsArticle": "article",
    "https://schema.org/Article": "article",
    "https://w3id.org/quoth/ns#AnonymousSource": "unnamed source",
    "https://w3id.org/quoth/ns#Source": "source",
    "https://w3id.org/quoth/ns#Claim": "claim",
    "http://www.w3.org/2004/02/skos/core#Concept": "concept",
    "http://rdfs.org/ns/void#Linkset": "linkset",
    "http://rdfs.org/ns/void#Dataset": "dataset",
}
"""Class → the word for its members. The first in this order counts for a resource with several classes."""


def kind_of(types: Collection[str]) -> str:
    """The word for something of those classes (IRIs)."""
    return next((word for iri, word in KINDS.items() if iri in types), "resource")


def abbreviated(iri: str) -> str:
    """An IRI with the first of our prefixes that fits, else unchanged; for readers, since any local part is taken.

    >>> abbreviated("https://schema.org/about"), abbreviated("urn:x")
    ('schema:about', 'urn:x')
    """
    for prefix, space in PREFIXES.items():
        if iri.startswith(space):
            return f"{prefix}:{iri[len(space) :]}"
    return iri


def prefixed_name(iri: str) -> str | None:
    """An IRI as a prefixed name that SPARQL reads (SPARQL 1.1 §4.1.1); None where no prefix of ours makes one.

    >>> prefixed_name("https://schema.org/about"), prefixed_name("https://schema.org/a/b")
    ('schema:about', None)
    """
    matching = (p for p, space in PREFIXES.items() if iri.startswith(space) and _LOCAL.fullmatch(iri, len(space)))
    prefix = next(matching, None)
    return prefix and f"{prefix}:{iri[len(PREFIXES[prefix]) :]}"
