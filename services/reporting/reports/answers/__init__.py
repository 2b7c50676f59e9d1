"""The answers to what a board, a plan lead and a network lead ask, on the day that they ask."""
