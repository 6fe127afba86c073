"""`cgclient import`: a whole history, of which no row is lost and none is written twice unseen.

`data` reads the rows, `journal` remembers what became of each, `run` sends them, `report` tells the result; `command`
puts them together.
"""
