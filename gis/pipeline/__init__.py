"""The pipes and cables under the street."""
