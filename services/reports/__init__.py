"""统计报表: figures counted in the database, never typed."""
