"""The load engine: profiles, due times, stamps, the ledger, figures, SLOs and the outcome; it knows neither Locust nor sockets."""
