"""案件: from report to closing."""
