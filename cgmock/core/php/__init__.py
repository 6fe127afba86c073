"""Values and request bodies, read as PHP 8 reads them."""
