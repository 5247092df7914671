"""Queries that call another endpoint by SERVICE, and queries that have only the word."""

LONG = "a-" * 150

REACHES_OUT = {
    "plain": "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
    "lower case": "select * { service <http://x/> { ?s ?p ?o } }",
    "silent": "SELECT * { SERVICE SILENT <http://x/> { ?s ?p ?o } }",
    "comment between": "SELECT * { SERVICE#c\n<http://x/> { ?s ?p ?o } }",
    "comment that holds a quotation mark": 'SELECT * { #"\n SERVICE <http://x/> { ?s ?p ?o } #"\n }',
    "prefixed name": "PREFIX e: <http://x/> SELECT * { SERVICE e:a { ?s ?p ?o } }",
    "empty prefix": "PREFIX : <http://x/> SELECT * { SERVICE :a { ?s ?p ?o } }",
    "variable": "SELECT * { VALUES ?g {<http://x/>} SERVICE ?g { ?s ?p ?o } }",
    "no spaces": "SELECT*{SERVICE<http://x/>{?s?p?o}}",
    "no space before a prefixed name": "PREFIX e: <http://x/> SELECT * { SERVICEe:a { ?s ?p ?o } }",
    "no space after SILENT": "PREFIX e: <http://x/> SELECT * { SERVICESILENTe:a { ?s ?p ?o } }",
    "stuck to true": "SELECT * { ?s ?p trueSERVICE <http://x/> { ?s ?p ?o } }",
    "stuck to a number": "SELECT * { ?s ?p 1SERVICE <http://x/> { ?s ?p ?o } }",
    "EXISTS": "ASK { FILTER EXISTS { SERVICE <http://x/> { ?s ?p ?o } } }",
    "subquery": "SELECT * { { SELECT * { SERVICE <http://x/> { ?s ?p ?o } } } }",
    "construct": "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <http://x/> { ?s ?p ?o } }",
    "a comparison that looks like an IRI": 'SELECT * { FILTER(?a<?b#>"""\n) SERVICE <http://x/> {?s ?p ?o} #"""\n }',
    "escaped letter": "SELECT * { \\u0053ERVICE <http://x/> { ?s ?p ?o } }",
    "escaped letter, long": "SELECT * { SERVIC\\U00000045 <http://x/> { ?s ?p ?o } }",
    "after an escaped quotation mark": 'SELECT * { ?s ?p "a\\"" SERVICE <http://x/> { ?s ?p ?o } }',
    "after a long string": 'SELECT * { ?s ?p """a"b""" SERVICE <http://x/> { ?s ?p ?o } }',
    "a prefix longer than is read": f"PREFIX {LONG}: <http://x/> SELECT * {{ SERVICE {LONG}:a {{ ?s ?p ?o }} }}",
    "no space before such a prefix": f"PREFIX {LONG}: <http://x/> SELECT * {{ SERVICE{LONG}:a {{ ?s ?p ?o }} }}",
    "SILENT and such a prefix": f"PREFIX {LONG}: <http://x/> SELECT * {{ SERVICE SILENT{LONG}:a {{ ?s ?p ?o }} }}",
    "repeated within a word": "SELECT * { " + "service" * 20 + ":a { ?s ?p ?o } }",
}

STAYS_HERE = {
    "in a string": 'SELECT * { ?s ?p "SERVICE <http://x/> {" }',
    "in a long string": "SELECT * { ?s ?p '''a\n'SERVICE <http://x/> {''' }",
    "in a comment": "SELECT * { # SERVICE <http://x/> {\n ?s ?p ?o }",
    "in an IRI": "SELECT * { ?s <http://x/service> ?o { ?o ?q ?r } }",
    "in an IRI's fragment": "SELECT * { ?s <http://x/#SERVICE> ?o }",
    "a variable": "SELECT * { VALUES ?service { 1 } GRAPH ?service { ?s ?p ?o } }",
    "a local name": "PREFIX e: <http://x/> SELECT * { ?s e:service ?o . { ?o e:service ?x } }",
    "a prefix": "PREFIX service: <http://x/> SELECT * { ?s service:a ?o . GRAPH service:g { ?s ?p ?o } }",
    "FROM with a prefix": "PREFIX service: <http://x/> SELECT * FROM NAMED service:g { ?s ?p ?o }",
    "a language tag": 'SELECT * { ?s ?p "x"@service }',
    "none": "SELECT * { ?s ?p ?o }",
}
