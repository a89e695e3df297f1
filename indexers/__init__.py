"""Bytes in, typed facts out: a pure library without Django and without stores."""
