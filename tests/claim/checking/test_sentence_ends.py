"""Sentences end where a reader of the language says that they do, in any script."""

import itertools

import pytest

from quoth.claim.authoring import spans
from quoth.claim.checking.sentence_ends import starts
from quoth.claim.checking.wording.sentences import Sentences

TEXTS = {
    "capitals beyond ASCII": ["The mill is shut.", "Émile Roke left.", "Élise Vane said nothing.", "We met."],
    "a capital of two letters": ["He came.", "ǅevad stayed."],
    "short names": ["Lind met Roke.", "Vane came in May.", "It rained."],
    "Cyrillic": ["Паром опоздал.", "Его встретил А. С. Линд.", "«Мы едем», — сказал он.", "Шёл дождь!"],
    "Cyrillic speech": ["Паром опоздал.", "— Он ушёл?", "— Да."],
    "Greek": ["Το πλοίο άργησε.", "Έφυγε;", "Όχι."],
    "Arabic": ["تأخرت العبارة.", "لماذا؟", "لا أحد يعرف."],
    "Urdu": ["کشتی دیر سے آئی۔", "بارش ہوئی۔"],
    "Hindi": ["नाव देर से आई।", "बारिश हुई।", "वह गया।"],
    "Armenian": ["Նավը ուշացավ։", "Անձրև եկավ։"],
    "Amharic": ["ጀልባው ዘገየ።", "ዘነበ።"],
    "Korean": ["배가 늦었다.", "비가 왔다."],
    "Georgian": ["გემი დაგვიანდა.", "წვიმდა."],
    "digits": ["It was late.", "12 men left.", "١٢ stayed."],
    "Spanish": ["Llegó tarde.", "¿Por qué?", "¡Nadie lo sabe!"],
    "French": ["Il est parti.", "« Il pleut », dit-elle.", "Vraiment ?", "Oui."],
    "German": ["Das Schiff kam.", "Über Nacht blieb es."],
    "ellipsis": ["He waited…", "Öl ran out."],
    "brackets": ["It rained (hard).", "(Émile left.)", "They met."],
    "short forms": ["Mr. Écu met Gen. Roke on Jan. 5.", "Nobody came."],
    "small letters": ["He paid 5 fr. or so, e.g. Élise did."],
    "decomposed letters": ["It was a cafe\u0301.", "E\u0301mile left."],
}
UNSPACED = {
    "Chinese": ["渡轮晚点了。", "为什么？", "没人知道！"],
    "Japanese": ["船が遅れた。", "「行こう！」と彼は言った。", "雨が降った。"],
}


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        *(pytest.param(" ".join(s), s, id=name) for name, s in TEXTS.items()),
        *(pytest.param("".join(s), s, id=name) for name, s in UNSPACED.items()),
    ],
)
def test_sentences_end_in_any_script(text: str, sentences: list[str]) -> None:
    assert [text[a:b].strip() for a, b in itertools.pairwise((0, *starts(text), len(text)))] == sentences
    assert [text[s.start : s.end] for s in Sentences(text).spans()] == sentences
    assert [text[s.start : s.end] for s in spans.sentences(text)] == sentences


@pytest.mark.parametrize(
    "text",
    [
        "“We go. Now,” he said.",
        "«Мы едем. Сейчас», — сказал он.",
        "「行こう。今だ」と彼は言った。",
        "„Wir gehen. Jetzt“, sagte er.",
    ],
)
def test_a_quotation_s_sentences_belong_to_the_one_that_reports_it(text: str) -> None:
    assert len(Sentences(text).spans()) == 1
    assert len(spans.sentences(text)) == 2
