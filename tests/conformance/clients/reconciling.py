"""Matches what comes on standard input, JSON of the arguments of reconciler.reconcile, and prints the rows as JSON."""

import json
import sys

import pandas
from reconciler import reconcile


def main() -> None:
    asked = json.load(sys.stdin)
    names = pandas.Series(asked["names"])
    properties = {id: pandas.Series(values) for id, values in asked.get("properties", {}).items()}
    rows = reconcile(
        names,
        type_id=asked.get("type"),
        top_res=asked.get("top", 1),
        property_mapping=properties or None,
        reconciliation_endpoint=asked["endpoint"],
    )
    print(rows.to_json(orient="records"))


main()
