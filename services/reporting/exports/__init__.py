"""Reports and figures in forms that other programs read. Pure: the answer's JSON in, bytes out."""
