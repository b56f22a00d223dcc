"""Many postings: workers, resuming, Parquet, Spark."""
