"""The endpoints of the vendor: each module decides what one of them answers."""
