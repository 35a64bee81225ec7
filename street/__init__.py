"""A small constructed market on loopback, for the demo, the tests and the benchmarks."""
