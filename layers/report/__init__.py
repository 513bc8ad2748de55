"""分析报告 drawn: DOCX, PDF, and a workbook whose scores are formulas."""
