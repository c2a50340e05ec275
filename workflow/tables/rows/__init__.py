"""Rows → items: headings and merged cells carried down, and every row that is no item named."""
