"""Cases from lead to archive: what is kept, who may, what the law allows today, and one function for each step."""
