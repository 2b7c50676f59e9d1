"""Every query of the registry: bulk in, bulk out. It never commits."""
