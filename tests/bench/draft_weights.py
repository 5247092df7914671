"""The weights of the tagger of `quoth draft`, learned from annotated articles: a conditional random field.

``python -m tests.bench.draft_weights FOLDER [--corpora FOLDER]`` reads the train part of PolNeAR and writes
``weights.json``, which belongs into ``claim/authoring/drafting``. It needs python-crfsuite (PyPI), which nothing else
does: what is shipped reads the weights without it. A feature counts if it occurs LEAST times; L1 regularisation leaves
out most of the others.
"""

import argparse
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.bench.attribution_corpus import Annotated, Spans, articles

from quoth.claim.authoring.drafting.features import Words, features
from quoth.claim.authoring.drafting.language import Language, language
from quoth.claim.authoring.drafting.tagger import SCALE, TAGS
from quoth.claim.authoring.drafting.tokens import Tokens, paragraphs, tokens

LEAST = 4
"""Times that a feature or a lemma has to occur."""

GRADES = (("h", 0.6), ("m", 0.3), ("l", 0.1), ("z", 0.0))
"""The grades of a lemma, and the share of its places above which it has each: those where annotators marked a cue."""

NEVER = -4.0
"""The weight of one tag after another that never comes after it."""

PARAMETERS = {"c1": 1.0, "c2": 0.01, "max_iterations": 70, "feature.minfreq": LEAST}


def grades(corpus: Iterable[Annotated], words: Language) -> Mapping[str, str]:
    """The grade of each lemma that occurs often enough in small letters: names, which have capitals, are
    not counted."""
    all_places: Counter[str] = Counter()
    cues: Counter[str] = Counter()
    for article in corpus:
        marked = [span for a in article.attributions for span in a.get("Cue", [])]
        for here, start, end in _paragraphs(article, words):
            inside = [span for span in marked if span[0] < end and start < span[1]]
            for place, word in zip(here.starts, here.words, strict=True):
                if word.islower():
                    lemma = words.lemma(word.replace("’", "'"))
                    all_places[lemma] += 1
                    cues[lemma] += any(a <= place < b for a, b in inside)
    often = (lemma for lemma, n in all_places.items() if n >= LEAST and lemma.isalpha() and lemma not in words.classes)
    shares = {lemma: cues[lemma] / (all_places[lemma] + 2) for lemma in often}
    return {lemma: next(grade for grade, least in GRADES if share >= least) for lemma, share in shares.items()}


def tags(here: Tokens, attributions: Iterable[Mapping[str, Spans]]) -> list[str]:
    """The tag of each token: what the annotators marked there."""
    spans: list[tuple[int, int, str]] = []
    for attribution in attributions:
        cue = attribution.get("Cue", [])
        spans += [(a, b, "Q") for a, b in cue]
        for role in ("Source", "Content"):
            sides = ((a, b, ">" if cue and a >= cue[0][0] else "<") for a, b in attribution.get(role, []))
            spans += [(a, b, role[0] + side) for a, b, side in sides]
    here_alone = [span for span in spans if span[0] < here.ends[-1] and here.starts[0] < span[1]]
    plain = [next((tag for a, b, tag in here_alone if a <= place < b), TAGS[0]) for place in here.starts]
    return bridged(plain, here.words)


def bridged(plain: list[str], words: Sequence[str]) -> list[str]:
    """The tags with the marks between two parts of an attribution as a part of one: annotators leave out the comma in
    “…, she said”, and a chain that is broken there forgets what was before."""
    bridged = list(plain)
    i = 0
    while i < len(plain):
        end = i
        while end < len(plain) and plain[end] == TAGS[0] and not words[end][0].isalnum() and words[end] not in ".!?;":
            end += 1
        if 0 < i < end < len(plain) and end - i < 3 and TAGS[0] not in (plain[i - 1], plain[end]):
            before, after = plain[i - 1], plain[end]
            tag = before if before == after or before in ("C<", "S<") else after if after == "C>" else TAGS[0]
            bridged[i:end] = [tag] * (end - i)
        i = max(end, i + 1)
    return bridged


def learn(corpus: Sequence[Annotated], words: Language, of_lemmas: Mapping[str, str]) -> Any:
    """The model of python-crfsuite: its weights of features (``state_features``) and of tags after one another."""
    import pycrfsuite

    trainer = pycrfsuite.Trainer(verbose=False)
    for article in corpus:
        for here, _, _ in _paragraphs(article, words):
            trainer.append(features(here, Words(here, words, of_lemmas)), tags(here, article.attributions))
    trainer.set_params(PARAMETERS)
    with tempfile.TemporaryDirectory() as folder:
        trainer.train(f"{folder}/model")
        tagger = pycrfsuite.Tagger()
        tagger.open(f"{folder}/model")
        return tagger.info()


def written(model: Any, of_lemmas: Mapping[str, str]) -> str:
    """The file of weights: JSON with a line for each feature."""
    states: dict[str, list[int]] = defaultdict(lambda: [0] * len(TAGS))
    for (feature, tag), weight in model.state_features.items():
        if number := round(SCALE * weight):
            states[feature][TAGS.index(tag)] = number
    transitions = [[round(SCALE * model.transitions.get((a, b), NEVER)) for b in TAGS] for a in TAGS]
    lemmas = {grade: " ".join(sorted(n for n, g in of_lemmas.items() if g == grade)) for grade, _ in GRADES}
    rows = (
        f"{json.dumps(f, ensure_ascii=False)}:{json.dumps(states[f], separators=(',', ':'))}" for f in sorted(states)
    )
    head = f'"grades":{json.dumps(lemmas, ensure_ascii=False)},\n"transitions":{json.dumps(transitions)}'
    return "{" + head + ',\n"states":{\n' + ",\n".join(rows) + "\n}}\n"


def _paragraphs(article: Annotated, words: Language) -> Iterable[tuple[Tokens, int, int]]:
    for start, end in paragraphs(article.text):
        yield tokens(article.text, start, end, words), start, end


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--corpora", type=Path)
    parser.add_argument("--without", type=int, default=0, help="Leave out each n-th article, to measure on.")
    arguments = parser.parse_args()
    corpus = articles("train", arguments.corpora)
    corpus = [article for n, article in enumerate(corpus) if not arguments.without or n % arguments.without]
    words = language("en")
    assert words is not None, "its lists are shipped"
    of_lemmas = grades(corpus, words)
    (arguments.folder / "weights.json").write_text(written(learn(corpus, words, of_lemmas), of_lemmas), "utf-8")


if __name__ == "__main__":
    main()
