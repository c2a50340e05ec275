"""导入: a document becomes a draft, is checked row by row, its names become units, and it is published."""
