"""Reading pages: `Page` in, `Listing` or `Item` out. Pure: no network, no clock, no configuration."""
