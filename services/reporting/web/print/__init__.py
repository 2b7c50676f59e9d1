"""Reports on paper: what stands in a document, for the typesetter."""
