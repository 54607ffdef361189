"""The least that Flask with PostgreSQL can do: what the product's figures are divided by."""
