"""Loaders: file → read → rows → pure mapping → batches → store.write; quarantine and ledger."""
