"""企业成员: who acts for an enterprise, how they come to it and how they leave."""
