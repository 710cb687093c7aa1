"""What goes over the wire: schemas of questions and answers, apart from the tables. Decimals and reported values are text, times are UTC."""
