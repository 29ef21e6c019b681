"""What more than one page, figure or plan says, said once."""
