"""What every page is made of: fragments, drawings, the exported file, the indexes."""
