"""Header → layout: which column says what, under whatever name and in whatever order."""
