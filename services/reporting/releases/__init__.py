"""What readers outside an area are told of people: made for each closed month, kept, and read (ADR 94)."""
