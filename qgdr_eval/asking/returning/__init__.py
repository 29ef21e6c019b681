"""What comes back: sealed boxes, the return and the remark that each holds."""
