"""交接: the enterprises of a housekeeper, and their open tickets, go to another one."""
