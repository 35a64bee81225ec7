"""A constructed market on loopback, for the demo, the tests and the benchmarks; production code never imports it.

It knows nothing of the product that watches it: every site answers as its software would, from files in `content/`.
"""
