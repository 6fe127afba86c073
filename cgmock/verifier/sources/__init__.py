"""Files of data, read as tables whatever they are: CSV, JSON, captured bodies, workbooks."""
