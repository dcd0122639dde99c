def clip_by_value(grads, limit):
    clipped = []
    for g in grads:
        g = g.copy()
        g[g > limit] = limit
        g[g < -limit] = -limit
        clipped.append(g)
    return clipped
