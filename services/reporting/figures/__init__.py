"""Any figures by any dimensions: the question, its answer, and how it is asked."""
