"""An invented article while it is written: sentence by sentence its text, its claims, sources and inferences."""

import random
import re
from collections.abc import Iterable

from tests.bench.sentences import DATA, FRAMES, Cast, Clause, Frame, Name, Text, clause, flow, quoted

_PARTS = re.compile(r"<[stc]>|[\[\]()]|[^<>\[\]()]+")
_WEIGHTS = [frame.weight for frame in FRAMES]
_DENIED = next(frame for frame in FRAMES if frame.act == "denied")
_AMBIGUOUS = next(frame for frame in FRAMES if "ambiguous" in frame.more)


class Article:
    """The claims of an article about the ``cast`` and the ``topics`` (IRIs), with ``contents`` or in words only."""

    def __init__(self, slug: str, cast: Cast, topics: list[str], chance: random.Random, contents: bool) -> None:
        self._slug, self._cast, self._topics = slug, cast, topics
        self._chance, self._contents = chance, contents
        self.text = Text(chance)
        self._claims: list[str] = []
        self._sources: dict[str, str] = {}
        self._inferences: list[str] = []
        self._labels: set[str] = set()
        self._acts = 0
        """Claims that reading makes: that a source inside a chain said something."""

    def write(self, claims: int) -> None:
        """Write so many claims, or two more."""
        while len(self._claims) + self._acts < claims:
            self._sentence()
            if self._chance.random() < 0.1:
                self.text.end(" ")
                self.text.put(self._chance.choice(DATA["fillers"]))
            self.text.end("\n\n" if self._chance.random() < 0.3 else " ")

    def headline(self) -> str:
        """A headline about one of the cast."""
        chance = self._chance
        words = {kind: chance.choice(names).label for kind, names in self._cast.items()}
        words |= {key: chance.choice(DATA[key]) for key in ("goods", "work")} | {"n": str(chance.randint(20, 90))}
        return re.sub(r"<(\w+)>", lambda slot: words[slot[1]], chance.choice(DATA["headlines"]))

    def document(self, revised: bool) -> str:
        """What the document has below its head; ``revised``: with another label of its first claim."""
        claims = list(self._claims)
        if revised:
            first, _, rest = claims[0].partition("\n")
            lines = [line for line in rest.splitlines(keepends=True) if not line.startswith("    label:")]
            claims[0] = f"{first}\n    label: The article says this in other words now.\n{''.join(lines)}"
        parts: list[tuple[str, Iterable[str]]] = [("sources", self._sources.values())]
        if self._contents:
            parts.append(("mentions", self.text.mentions))
        parts.append(("claims", claims))
        text = "".join(f"\n{key}:\n{''.join(lines)}" for key, lines in parts if lines)
        if self._inferences:
            text += (
                "\ninference:\n  attributedTo: id/org/coding-desk\n  comment: Inferred from the text alone.\n  graph:\n"
            )
            text += "".join(self._inferences)
        return text

    def _sentence(self) -> None:
        frame = self._chance.choices(FRAMES, _WEIGHTS)[0]
        form = self._chance.choice(frame.forms.split())
        source = self._source(frame.who) if frame.who else None
        other = None
        if "<t>" in frame.pattern:
            other = self._report() if frame.act == "recorded" else self._source("named", source)
        said = clause(form, self._cast, self._chance, [source, other], source if frame.act == "offered" else None)
        self._claim(frame, said, source, other)
        if form == "past" and frame.act == "said" and source and not frame.more:
            fate = self._chance.random()
            if fate < 0.2:
                self.text.end(" ")
                self._claim(_DENIED, said, denier := self._source("named", source, said), None)
                self._contradicted(said, source, denier)
            elif fate < 0.35:
                self.text.end(" ")
                self._claim(_AMBIGUOUS, clause("past", self._cast, self._chance, [source]), source, None)

    def _source(self, kinds: str, apart: Name | None = None, said: Clause | None = None) -> Name:
        """Who says something, of those kinds, and not who is ``apart``, nor in what is ``said``."""
        if "unnamed" in kinds and self._chance.random() < 0.35:
            label, later, warrant = self._chance.choice(DATA["unnamed"])
            return Name("unnamed", self._own(label), label, later, warrant)
        names = self._cast["org"] if kinds == "org" else [*self._cast["org"], *self._cast["person"]]
        inside = [name for _, name in said.pieces if name] if said else []
        return self._chance.choice([name for name in names if name != apart and name not in inside])

    def _report(self) -> Name:
        label = f"a report on {self._chance.choice(DATA['goods'])}"
        return Name("report", self._own(label), label, label)

    def _own(self, label: str) -> str:
        """The IRI of a source of this article."""
        return f"id/source/{self._slug}/{label.replace(' ', '-')}"

    def _speaker(self, name: Name, frame: Frame) -> tuple[str, bool]:
        """Name a source: its place, and whether words between it and its verb say how it would know."""
        place, own = self.text.name(name), name.iri.rpartition("/")[2]
        if own in self._sources or name.kind not in ("unnamed", "report"):
            return place, False
        known = {"warrant": name.warrant} if name.warrant and "[<s> " in frame.pattern else {}
        kind = "[Source, Document]" if name.kind == "report" else "[AnonymousSource, Group]"
        self._sources[own] = f"  - {flow(id=own, type=kind, label=quoted(self._label(name)), **known)}\n"
        if known:
            self.text.put(f", {name.warrant}, ")
        return place, bool(known)

    def _claim(self, frame: Frame, said: Clause, source: Name | None, other: Name | None) -> None:
        """Write a sentence and its claim."""
        cues: list[str] = []
        words = mention = ""
        start, explained = 0, False
        for part in _PARTS.findall(frame.pattern):
            if part in "[(":
                start = self.text.length
            elif part == "]":
                cues.append(self.text.place(start))
            elif part == ")":
                words = self.text.place(start)
            elif part == "<c>":
                for piece, name in said.pieces:
                    if name:
                        self.text.name(name)
                    else:
                        self.text.put(piece)
            elif part in ("<s>", "<t>"):
                who = source if part == "<s>" else other
                assert who is not None
                place, explained = self._speaker(who, frame)
                if explained or who.kind == "report":
                    mention, start = place, self.text.length
            else:
                self.text.put(part.lstrip() if explained else part)
                explained = False
        self._claims.append(self._coded(frame, said, source, other, words, cues, mention))

    def _coded(
        self, frame: Frame, said: Clause, source: Name | None, other: Name | None,
        words: str, cues: list[str], mention: str,
    ) -> str:  # fmt: skip
        """The claim as YAML."""
        lines = [f"id: c{len(self._claims) + 1}", f"words: {words}"]
        inner = other or source
        if inner:
            lines += [f"source: {inner.iri}", f"speechAct: {frame.act}"]
            lines += [f"cue: {cue}" for cue in cues[-1:]]
            lines += [f"mention: {mention}"] if mention else []
        if frame.more:
            filled = frame.more.replace("<article>", f"id/article/{self._slug}").replace(
                "<s>", source.iri if source else ""
            )
            lines.append(filled.replace("<cue>", cues[0] if cues else ""))
        self._acts += other is not None
        if self._contents:
            lines += self._content(frame, said, source, other)
        return f"  - {lines[0]}\n" + "".join(f"    {line}\n" for line in lines[1:])

    def _content(self, frame: Frame, said: Clause, source: Name | None, other: Name | None) -> list[str]:
        coding = dict(said.coding)
        if frame.act == "denied":
            coding["polarity"] = "negative"
        elif frame.act == "forecast":
            coding["certainty"] = "probable"
        lines = [f"{key}: {value}" for key, value in coding.items()]
        label = frame.label.replace("<s>", self._label(source)).replace("<t>", self._label(other))
        label = f"{label[0].upper()}{label[1:]} {said.words}."
        if label not in self._labels:
            self._labels.add(label)
            lines.insert(0, f"label: {quoted(label)}")
        if self._chance.random() < 0.5:
            topic = self._chance.choice(self._topics)
            self._inferences.append(f'    - {{id: "c{len(self._claims) + 1}#situation", concerns: {topic}}}\n')
        return [*lines, f"content: {{{said.content}}}"]

    def _label(self, name: Name | None) -> str:
        """The label of a source: “two dockers” of two articles are not the same people."""
        if name is None:
            return ""
        return f"{name.label} ({self._slug.title()})" if name.kind in ("unnamed", "report") else name.label

    def _contradicted(self, said: Clause, source: Name, denier: Name) -> None:
        """Infer that the last two claims cannot both be true."""
        if self._contents:
            number = len(self._claims)
            for claim in (number - 1, number):
                self._inferences.append(f'    - {{id: "c{claim}#situation", concerns: {self._topics[0]}}}\n')
            because = quoted(f"{denier.label} denies what {source.label} says, that {said.words}.")
            self._inferences.append(f"    - {{id: c{number}, contradicts: c{number - 1}, because: {because}}}\n")
