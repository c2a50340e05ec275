"""Plain text: bytes → text → Document, whichever of the usual shapes the text has."""
