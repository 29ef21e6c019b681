"""What is asked, as a page: its questions, the form, its style and its script."""
