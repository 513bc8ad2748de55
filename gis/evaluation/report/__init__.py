"""分析报告: what a report of a period says, and when reports are made. ``layers.report`` draws them."""
