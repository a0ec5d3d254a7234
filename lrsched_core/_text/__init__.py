"""Values as text and as data: one reader of expressions, plain dicts and JSON, their schema."""
