"""A line number is that of the first mention outside strings and comments."""

from quoth.claim.reading import line_numbers

TURTLE = '''\
@prefix ex: <http://e/> .
# <http://e/comment> ex:comment
ex:a ex:p "<http://e/string> ex:string" , """
<http://e/long> # no comment
""" , 'ex:single' ;
    ex:q <rel> .
@base <http://b/> .
<rel> ex:p ex:a.b .
PREFIX ex: <http://f/>
ex:late ex:p 1 .
'''


def test_turtle() -> None:
    numbers = line_numbers.of_turtle(TURTLE, "http://base/")
    assert numbers["http://e/a"] == 3
    assert numbers["http://base/rel"] == 6
    assert numbers["http://b/rel"] == 8
    assert numbers["http://e/a.b"] == 8
    assert numbers["http://f/late"] == 10
    assert not {f"http://e/{x}" for x in ("comment", "string", "long", "single")} & numbers.keys()


def test_json() -> None:
    text = '{"@id": "id/a",\n "p": ["quote \\" id/b",\n "id/b"]}'
    numbers = line_numbers.of_json(text, "http://base/")
    assert (numbers["http://base/id/a"], numbers["http://base/id/b"]) == (1, 3)
