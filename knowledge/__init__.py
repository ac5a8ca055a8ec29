"""The library: questions, answers, evidence. It knows no Rasa and no channel."""
