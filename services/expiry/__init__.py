"""保存期限: how long each table keeps its rows, and how they go."""
