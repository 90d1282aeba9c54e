"""Ray Serve applications: the HTTP interface and the dashboard."""
