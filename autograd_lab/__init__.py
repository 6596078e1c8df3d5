"""Step through automatic differentiation of a NumPy function, forward and reverse, one edge at a time."""
