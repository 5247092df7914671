"""Reads tables by their URLs with polars, whole and by parts; prints rows and columns of each."""

import sys

import polars

for url in sys.argv[1:]:
    print(*polars.read_csv(url).shape, *polars.scan_csv(url).collect().shape)
