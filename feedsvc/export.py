"""The service written out as files, byte for byte what it answers."""
