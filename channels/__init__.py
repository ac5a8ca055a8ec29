"""The front door: one ASGI application on one public port. Talks HTTP to Rasa and knows nothing of the subject."""
