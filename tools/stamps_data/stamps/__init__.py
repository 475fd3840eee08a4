"""Audio-visual clips with exact masks, rebuilt from Debian packages: cut-out pictures that play their own recordings."""
