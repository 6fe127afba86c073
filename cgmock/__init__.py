"""A fake CustomerGauge that tells the truth."""
