"""What looks wrong: in the file as it was read, and in what its items say."""
