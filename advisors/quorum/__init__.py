"""The rules of the quorum: a verdict counts if a member of the board, for whom somebody vouches, has signed it."""
