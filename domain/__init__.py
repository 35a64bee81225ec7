"""The nouns of Undercut: frozen, typed, without input or output, importing nothing of ours."""
