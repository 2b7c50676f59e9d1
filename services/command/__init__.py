"""The command `helhedsnet`: what an operator and a coordinator do from a terminal."""
