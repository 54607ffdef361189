"""What each action does, one file per stretch of the loop. Pure: state in, effect out."""
