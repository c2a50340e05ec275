"""The one way in which a file can fail to be a responsibility table."""


class Unreadable(ValueError):
    """The file is not a table we can read; the message is one Chinese sentence for the person who chose it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
