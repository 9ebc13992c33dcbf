"""Vietnamese as citizens type it: pure, fast, no I/O."""
