"""企业管家: the product's own package. Importing a leaf of it never builds the application."""
