"""The chat core every API module shares: members, rooms, messages, files, sockets, and one transaction a request."""
