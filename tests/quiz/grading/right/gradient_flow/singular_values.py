import numpy as np


def gradient_flow(hs, U):
    J = np.eye(len(U), dtype=hs.dtype)
    flow = [1.0]
    for h in hs[:0:-1]:
        J = J.dot(np.diag(1 - h**2).dot(U.T))
        flow.append(np.linalg.svd(J, compute_uv=False)[0])
    return np.array(flow[::-1])
