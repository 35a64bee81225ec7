"""Families that tests read with in a pool's children: an ordinary one, and ones that misbehave."""
