"""Reports on paper: what stands in a document, as data for the typesetter. It computes no figure."""
