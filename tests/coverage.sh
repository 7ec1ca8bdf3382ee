#!/usr/bin/env bash
# Line coverage of the product from the cobertura files under $1: a table by project, and the total.
set -euo pipefail
find "$1" -name coverage.cobertura.xml -print0 | xargs -0 -r awk '
  /<package /  { match($0, /name="[^"]*"/); package = substr($0, RSTART + 6, RLENGTH - 7) }
  /<class /    { match($0, /filename="[^"]*"/); file = substr($0, RSTART + 10, RLENGTH - 11) }
  /<line /     {
    match($0, /number="[0-9]+"/); line = substr($0, RSTART + 8, RLENGTH - 9)
    match($0, /hits="[0-9]+"/);   hits = substr($0, RSTART + 6, RLENGTH - 7)
    key = package SUBSEP file SUBSEP line
    if (!(key in seen)) { seen[key] = 1; lines[package]++ }
    if (hits > 0 && !(key in hit)) { hit[key] = 1; covered[package]++ }
  }
  END {
    for (p in lines) {
      if (p ~ /Tests$/) continue
      printf "%-28s %6d of %6d lines  %5.1f %%\n", p, covered[p], lines[p], 100 * covered[p] / lines[p] | "sort"
      total += lines[p]; all += covered[p]
    }
    close("sort")
    if (total) printf "%-28s %6d of %6d lines  %5.1f %%\n", "total", all, total, 100 * all / total
  }'
