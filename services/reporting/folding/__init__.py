"""From the logs to the tables: how each event is folded, and how all of them are folded anew."""
