"""Speed, as ratios measured within one run: numbers of one machine say nothing, a ratio to a plain task does."""
