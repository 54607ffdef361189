"""The conditions of the transition table. All take the state and the actor and answer yes or no."""
