"""What each action must bring. The API loads these, `ticket_flow.decide` reads them."""
