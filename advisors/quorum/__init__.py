"""What counts toward a quorum: signed verdicts by members of the board for whom somebody vouches."""
