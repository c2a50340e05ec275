"""Word: docx → Document, by hand over the XML: merged cells, tracked changes and numbers are ours to get right."""
