"""The journal of a tenant: recorded requests, and what is read from them."""
