"""What Rasa loads: understanding a message, and storing a conversation."""
