"""What the services' HTTP sides have alike: problems, tokens, intake, health and metrics."""
