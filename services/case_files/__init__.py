"""案卷: the whole of one ticket as its reader may have it, signed, to be kept elsewhere."""
