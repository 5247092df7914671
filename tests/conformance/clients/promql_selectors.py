"""The metrics and labels in queries of PromQL: reads a JSON list of queries, writes a list of lists of [name, labels].

A query that is no PromQL ends it with the parser's message.
"""

import json
import sys

import promql_parser

SUB = ("expr", "lhs", "rhs", "vector_selector", "param")


def selectors(node: object) -> list[tuple[str, list[str]]]:
    """The selectors of a query, which its grouping labels belong to."""
    if isinstance(node, promql_parser.VectorSelector):
        return [(node.name, sorted({matcher.name for matcher in node.matchers.matchers}))]
    below = [getattr(node, name) for name in SUB if getattr(node, name, None) is not None]
    found = [each for child in [*below, *getattr(node, "args", [])] for each in selectors(child)]
    grouped = node.modifier.labels if isinstance(node, promql_parser.AggregateExpr) and node.modifier else []
    return [(name, sorted({*labels, *grouped})) for name, labels in found]


json.dump([selectors(promql_parser.parse(query)) for query in json.load(sys.stdin)], sys.stdout)
