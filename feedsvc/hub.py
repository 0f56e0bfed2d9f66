"""WebSub: readers are told at once."""
