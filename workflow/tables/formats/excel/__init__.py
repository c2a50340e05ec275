"""Excel: xlsx → Document, in one pass over the XML: what people see in the cells, with what the sheet hides said."""
