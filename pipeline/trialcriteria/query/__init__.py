"""SQL over the dataset of a bulk run: views, named queries, histograms of thresholds."""
