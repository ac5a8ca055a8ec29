"""
Whole conversations with the trained model, in YAML that reads like a transcript; a file is a topic.

    python -m tests.conversations               the share of conversations right, by topic
    python -m tests.conversations scope order   of these topics, and what went wrong in them
"""
