"""What several test rooms share: rows into stores, made-up codes, the size of a proof run."""
