"""A programme as one workbook (XLSX), both ways: a worksheet a sheet, and one for the programme itself."""
