"""What reporting takes itself: reports as they were published, and figures about areas."""
