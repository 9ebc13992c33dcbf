"""Speed, as ratios to a baseline run in the same minutes on the same machine: `make bench`."""
