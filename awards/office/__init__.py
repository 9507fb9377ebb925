"""The leader's pages about a whole edition, where the steps of the pipeline meet."""
