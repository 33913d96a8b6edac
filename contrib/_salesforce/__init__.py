"""Salesforce: its REST and bulk interfaces, and the results of queries."""
