"""Personal data: what is kept about people, taken away by them, and erased; also where a plugin's package is gone."""
