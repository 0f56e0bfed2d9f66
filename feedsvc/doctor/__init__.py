"""What is wrong with an installation, one finding for each thing looked at, in words, with what to do about it."""
