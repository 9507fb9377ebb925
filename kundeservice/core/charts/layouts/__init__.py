"""One module per kind of chart: a pure function from what it shows and a frame to a drawing."""
