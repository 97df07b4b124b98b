"""Earwitness proves who heard what: contract and load tests for messaging APIs."""
