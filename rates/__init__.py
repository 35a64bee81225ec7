"""What is officially sold, by whom, for how much, since when."""
