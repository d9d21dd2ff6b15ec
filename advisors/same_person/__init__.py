"""Find people who may have two accounts, and record the decisions of editors on them."""
