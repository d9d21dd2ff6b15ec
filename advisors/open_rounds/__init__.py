"""What an open round still needs: its progress toward the quorum, and conflicts of interest declared in it."""
