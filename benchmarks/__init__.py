"""What `groundswell bench` runs."""
