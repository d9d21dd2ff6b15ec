"""What counts toward the quorum of a round: signed verdicts of people who are on the board and whom somebody knows."""
