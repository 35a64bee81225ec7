"""One function per use case; console, bot and command line call these and nothing beneath."""
