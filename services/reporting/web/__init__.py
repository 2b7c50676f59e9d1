"""What people look at: pages, charts and print. It makes no figure; each comes from a report."""
