"""检索: what rows are found by, and by which way a page of them is found fastest."""
