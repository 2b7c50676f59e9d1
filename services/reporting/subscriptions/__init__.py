"""What is sent or told to people who are not signed in at that moment: mail on Mondays, and a calendar."""
