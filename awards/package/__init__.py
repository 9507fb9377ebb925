"""The edition package: in and out of the database, the browser and the command line."""
