"""区划调整: a mapping file of changed area codes, worked over the register and the tickets."""
