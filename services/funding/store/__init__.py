"""Every query of funding: bulk in, bulk out. It never commits."""
