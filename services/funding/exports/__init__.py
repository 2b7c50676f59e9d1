"""A plan's books in forms that other programs read. Pure: rows in, text or bytes out."""
