"""What make calls: preparing, training, chatting in the terminal."""
