"""What areas share with one another, as pages and as a stream."""
