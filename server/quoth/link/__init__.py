"""The client of other datasets: what the operator asks of them at the command line. Nothing here runs while serving."""
