"""A campaign that asks: what it says, who is asked, whether its answers were opened."""
