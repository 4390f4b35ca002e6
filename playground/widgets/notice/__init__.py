"""One line that says what went wrong, or well."""
