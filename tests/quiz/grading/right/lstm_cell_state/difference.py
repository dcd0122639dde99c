def lstm_cell_state(c, i, f, g):
    """The old state less what is forgotten, and what is let in."""
    c_new = c.copy()
    c_new -= (1 - f) * c
    c_new += i * g
    return c_new
