"""The Locust side of a load: what is opened by path, and imports Locust."""
