"""What Tandem does with a message: thin actions between Rasa and the knowledge base."""
