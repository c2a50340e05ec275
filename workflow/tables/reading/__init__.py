"""Document → Table: its tables one after another, then what is said of the whole."""
