"""Benchmarks: each measures beside what a user would pick instead, in one run, and prints one JSON document.

`make bench` runs them all into `build/bench/`. Public repositories come from the folder in
`BOXWOOD_CORPORA`; what is not there is reported as not measured. Absolute times are those of the
machine; compare the ratios.
"""
