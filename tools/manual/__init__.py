"""What the coordinators' page (`tools.coordinators_page`) is put together from."""
