"""Prints what the sssom library reads in the files named on the command line, and what it finds wrong, as JSON."""

import json
import sys

from sssom.constants import SchemaValidationType
from sssom.parsers import parse_sssom_table
from sssom.validators import validate

ENTITIES = ("subject_id", "predicate_id", "object_id", "mapping_justification", "author_id", "object_source")
CHECKS = [
    SchemaValidationType.JsonSchema,
    SchemaValidationType.PrefixMapCompleteness,
    SchemaValidationType.StrictCurieFormat,
]


def main() -> None:
    found = []
    for path in sys.argv[1:]:
        table = parse_sssom_table(path)
        reports = validate(table, validation_types=CHECKS, fail_on_error=False)
        rows = [{k: v for k, v in row.items() if v == v and v != ""} for row in table.df.to_dict("records")]
        for row in rows:
            row.update((k, table.converter.expand(row[k], strict=True)) for k in ENTITIES if k in row)
        found.append(
            {
                "problems": [result.message for report in reports.values() for result in report.results],
                "set": {k: str(v) for k, v in table.metadata.items() if not isinstance(v, dict)},
                "rows": rows,
            }
        )
    json.dump(found, sys.stdout, default=str)


if __name__ == "__main__":
    main()
