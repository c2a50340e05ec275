"""What the API answers, and for the documentation what it takes. Request bodies are judged by the actions."""
