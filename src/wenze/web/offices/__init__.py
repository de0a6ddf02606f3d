"""Units, posts, the officials who hold them, who manages whom, and the staff who log in. Knows no case."""
