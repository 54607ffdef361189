"""诉求和子工单的操作: one noun each. Read the tables and know them all."""
