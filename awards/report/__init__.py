"""A participant's report, from the answers to the PDF, and the door it is fetched at."""
